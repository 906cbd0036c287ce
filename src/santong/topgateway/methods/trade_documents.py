"""Trades as clients read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from santong.catalog import public as catalog
from santong.orders import public as orders
from santong.topgateway.contracts import Call
from santong.topgateway.rules.numbers import tid_of, yuan
from santong.topgateway.rules.outline import Item
from santong.topgateway.rules.trades import line_status_of, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sub-trade: one line of a trade."""

    oid: Annotated[int, "The sub-trade's number."]
    oid_str: Annotated[str, "The same as text."]
    status: Annotated[str, "How far it has come."]
    num_iid: Annotated[int | None, "The item."]
    sku_id: Annotated[str, "The SKU."]
    outer_iid: Annotated[str | None, "The item's code with the seller."]
    outer_sku_id: Annotated[str, "The SKU's code with the seller."]
    title: Annotated[str, "What it is called."]
    sku_properties_name: Annotated[str | None, "Colour and size."]
    num: Annotated[int, "How many."]
    price: Annotated[str, "Of one, in yuan."]
    total_fee: Annotated[str, "Of all before the order's discount, in yuan."]
    discount_fee: Annotated[str, "Of the line's own discount, in yuan."]
    part_mjz_discount: Annotated[str, "Of its share of the order's discount, in yuan."]
    payment: Annotated[str, "What the line comes to, in yuan."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A trade. Who gets it is told as far as the seller has let the application see."""

    tid: Annotated[int, "The trade's number."]
    tid_str: Annotated[str, "The same as text."]
    out_number: Annotated[str, "The storefront's own number, whatever it looks like."]
    shop_code: Annotated[str, "The storefront."]
    seller_nick: Annotated[str, "The seller."]
    status: Annotated[str, "How far it has come."]
    created: Annotated[datetime, "When it was placed, GMT+8."]
    modified: Annotated[datetime | None, "When it changed last, GMT+8; where changes are read."]
    pay_time: Annotated[datetime | None, "When it was paid, GMT+8."]
    num: Annotated[int, "How many pieces."]
    total_fee: Annotated[str, "The goods before the order's discount, in yuan."]
    discount_fee: Annotated[str, "The order's discount, in yuan."]
    post_fee: Annotated[str, "Carriage, in yuan."]
    payment: Annotated[str, "What it comes to, in yuan."]
    received_payment: Annotated[str, "What has come in, in yuan."]
    shipping_type: Annotated[str, "express, or fetch at a store."]
    receiver_state: Annotated[str, "Province."]
    receiver_city: Annotated[str, "City."]
    receiver_district: Annotated[str, "District."]
    receiver_name: Annotated[str | None, "Who gets it."]
    receiver_mobile: Annotated[str | None, "Their telephone."]
    receiver_address: Annotated[str | None, "Where to."]
    receiver_zip: Annotated[str | None, "Postcode."]
    buyer_message: Annotated[str | None, "What the buyer wrote."]
    orders: Annotated[tuple[Line, ...], "Its lines.", Item("order")]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a trade, as far as it is told."""

    name: str | None = None
    mobile: str | None = None
    address: str | None = None
    postcode: str | None = None
    message: str | None = None


def trades_of(
    call: Call,
    found: Sequence[orders.Order],
    *,
    changed_at: Mapping[int, datetime] = MappingProxyType({}),
) -> tuple[Trade, ...]:
    """Orders as trades, with what is known of their goods now."""
    sku_ids = {line.sku_id for order in found for line in order.lines}
    skus = catalog.skus_by_id(merchant_id=call.merchant_id, sku_ids=sorted(sku_ids))
    return tuple(_trade(call, order, skus, changed_at.get(order.id)) for order in found)


def _trade(
    call: Call,
    order: orders.Order,
    skus: Mapping[int, catalog.Sku],
    changed_at: datetime | None,
) -> Trade:
    tid = tid_of(order)
    receiver = _receiver(call, order)
    return Trade(
        tid=tid,
        tid_str=str(tid),
        out_number=order.external_number,
        shop_code=order.storefront_code,
        seller_nick=call.user_nick,
        status=status_of(order),
        created=order.placed_at,
        modified=changed_at,
        pay_time=order.paid_at,
        num=sum(line.quantity for line in order.lines),
        total_fee=yuan(order.goods_minor),
        discount_fee=yuan(order.discount_minor),
        post_fee=yuan(order.freight_minor),
        payment=yuan(order.total_minor),
        received_payment=yuan(order.paid_minor),
        shipping_type="express" if order.mode == "ship" else "fetch",
        receiver_state=order.province,
        receiver_city=order.city,
        receiver_district=order.district,
        receiver_name=receiver.name,
        receiver_mobile=receiver.mobile,
        receiver_address=receiver.address,
        receiver_zip=receiver.postcode,
        buyer_message=receiver.message,
        orders=tuple(_lines(order, skus)),
    )


def _lines(order: orders.Order, skus: Mapping[int, catalog.Sku]) -> Iterable[Line]:
    for line in order.lines:
        sku = skus.get(line.sku_id)
        yield Line(
            oid=line.id,
            oid_str=str(line.id),
            status=line_status_of(order, line),
            num_iid=sku.style_id if sku else None,
            sku_id=str(line.sku_id),
            outer_iid=sku.style_code if sku else None,
            outer_sku_id=line.sku_code,
            title=line.sku_name,
            sku_properties_name=properties_of(sku) if sku else None,
            num=line.quantity,
            price=yuan(line.unit_price_minor),
            total_fee=yuan(line.unit_price_minor * line.quantity - line.discount_minor),
            discount_fee=yuan(line.discount_minor),
            part_mjz_discount=yuan(line.order_discount_minor),
            payment=yuan(line.line_total_minor),
        )


def properties_of(sku: catalog.Sku) -> str:
    """Colour and size, as the platform writes properties."""
    named = (("颜色", sku.colour), ("尺码", sku.size))
    return ";".join(f"{name}:{value}" for name, value in named if value)


def _receiver(call: Call, order: orders.Order) -> Receiver:
    """Nobody is told where the seller has not said so; who sees people plainly leaves a trail.

    No recipient is told in an encrypted form yet: an application that may see one sees it masked.
    """
    if call.sees_personal_data == "none":
        return Receiver()
    if call.sees_personal_data != "plain":
        masked = order.recipient
        return Receiver(name=masked.name, mobile=masked.phone, address=masked.address)
    shown = orders.reveal_recipient(
        merchant_id=call.merchant_id,
        order_id=order.id,
        reason=f"app {call.app_key}",
        now=call.now,
    )
    clear = shown.recipient
    return Receiver(clear.name, clear.phone, clear.address, clear.postcode, shown.buyer_note)
