"""An order of another system that we send from our stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from santong.gateway import public as gateway
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.qimen.errors import NotCarried
from santong.qimen.models import Delivery
from santong.qimen.rules.answers import Answered, done
from santong.qimen.rules.codes import ANY_WAREHOUSE, GOOD, flags_of
from santong.qimen.rules.marks import Time
from santong.qimen.rules.reading import text_of
from santong.qimen.rules.shapes.common import AskedLine, Party
from santong.qimen.rules.shapes.deliveries import DeliveryCreate, DeliveryOrder
from santong.qimen.rules.xml import leaf
from santong.qimen.selectors.calls import Call
from santong.qimen.services.gather_parts import gather_lines
from santong.qimen.services.once import once


def take_delivery(*, call: Call, document: DeliveryCreate) -> Answered:
    """Place the order and promise its goods from the named place, or from any where it is OTHER.

    It is paid where it was sold, so that work on it begins.

    Raises UnknownCode, NumberReused, NotCarried, and what `gateway.take_in_order` raises. Locks the
    number, then stock levels.
    """
    order = document.delivery_order
    parts = gather_lines(
        call=call,
        kind="delivery",
        number=order.delivery_order_code,
        document=document,
        lines=len(document.order_lines),
        of_lines=order.total_order_lines,
    )
    if parts is None:
        return replace(done(message="waits for its other lines"), is_waiting=True)
    lines = tuple(line for part in parts for line in part.order_lines)
    whole = replace(document, order_lines=lines)
    return once(
        call=call,
        kind="delivery",
        number=order.delivery_order_code,
        document=whole,
        work=lambda _: _take(call, whole),
    )


@all_or_nothing
def _take(call: Call, document: DeliveryCreate) -> Answered:
    order = document.delivery_order
    if "COD" in flags_of(joined=order.order_flag) or order.ar_amount:
        raise NotCarried(what="cash on delivery")
    if any(line.inventory_type != GOOD for line in document.order_lines):
        raise NotCarried(what="stock of another quality than ZP")
    is_anywhere = order.warehouse_code == ANY_WAREHOUSE
    location_id = None if is_anywhere else call.location_of(order.warehouse_code)
    taken = gateway.take_in_order(
        merchant_id=call.merchant_id,
        order=_new_order(call, document),
        if_short="refuse",
        only_location_id=location_id,
        now=call.now,
    )
    row = Delivery.objects.create(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        way="taken",
        code=order.delivery_order_code,
        order_type=order.order_type,
        order_id=taken.order.id,
        location_id=location_id,
        created_at=call.now,
        changed_at=call.now,
    )
    return done(
        results=[
            leaf("createTime", text_of(mark=Time(), value=call.now)),
            leaf("deliveryOrderId", str(row.id)),
            leaf("warehouseCode", order.warehouse_code),
            leaf("logisticsCode", order.logistics_code),
        ]
    )


def _new_order(call: Call, document: DeliveryCreate) -> orders.NewOrder:
    order = document.delivery_order
    lines = tuple(_new_line(line) for line in document.order_lines)
    goods_minor = sum(line.quantity * line.unit_price_minor for line in lines)
    freight_minor = order.freight or 0
    return orders.NewOrder(
        storefront_code=call.storefront_of(order.shop_nick),
        external_number=order.delivery_order_code,
        placed_at=order.place_order_time,
        currency="CNY",
        lines=lines,
        recipient=_recipient(order.receiver_info),
        freight_minor=freight_minor,
        payment=_payment(order, goods_minor + freight_minor, order.place_order_time),
        buyer_note=order.buyer_message,
    )


def _new_line(line: AskedLine) -> orders.NewLine:
    return orders.NewLine(
        sku_code=line.item_code, quantity=line.plan_qty, unit_price_minor=line.actual_price or 0
    )


def _recipient(party: Party) -> orders.Recipient:
    return orders.Recipient(
        name=party.name,
        phone=party.mobile or party.tel,
        country=party.country_code if len(party.country_code) == 2 else "CN",  # noqa: PLR2004
        province=party.province,
        city=party.city,
        district=party.area or party.town,
        address=party.detail_address,
        postcode=party.zip_code,
    )


def _payment(
    order: DeliveryOrder, total_minor: int, placed_at: datetime
) -> orders.NewPayment | None:
    """What the buyer paid where the order was sold; of an order for nothing there is nothing."""
    if not total_minor:
        return None
    return orders.NewPayment(
        external_id=(order.pay_no or f"qimen:{order.delivery_order_code}")[:100],
        amount_minor=total_minor,
        currency="CNY",
        paid_at=order.pay_time or placed_at,
        provider="qimen",
    )
