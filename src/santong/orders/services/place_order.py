"""Taking in an order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from santong.kernel import audit, crypto, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import ExternalNumberTaken
from santong.orders.events import OrderPaid, OrderPlaced, RefundOwed
from santong.orders.models import Order, OrderLine, PaymentEvent, payment_rows
from santong.orders.models.insertion import insert_once
from santong.orders.models.orders import sealing_place
from santong.orders.rules import content, pricing, unpaid
from santong.orders.rules.masking import reference_kept
from santong.orders.rules.payment import effect_of_payment
from santong.orders.selectors.names import Named, named_in
from santong.orders.selectors.orders import phone_index
from santong.orders.selectors.unpaid import unpaid_policy
from santong.orders.services.record_payment import payment_told, record_payment
from santong.orders.services.spend_points import spend_points
from santong.orders.services.tell_purchase import bought_by_member
from santong.stores import public as stores

CONTENT_PURPOSE: Final = "orders.content"
SEALED: Final = ("name", "phone", "address", "postcode", "latitude", "longitude")
# A thousandth of a degree is about a hundred metres.
DECIMALS_SHOWN: Final = 3


@all_or_nothing
def place_order(
    *, merchant_id: int, order: contracts.NewOrder, now: datetime
) -> tuple[contracts.Order, bool]:
    """Take in an order under its storefront's number, or find it there; true if it is new.

    An order that is sent again with a payment has that payment recorded. Points that a checkout
    held for it are spent now; whoever cancels gives them back.

    Raises InvalidOrder, ExternalNumberTaken, PaymentIdTaken. Emits OrderPlaced, OrderPaid,
    MemberBought, PaymentTold, RefundOwed, and what spending points emits. Locks only its number;
    when it is sent again with a payment, the order; with points, the member.
    """
    named = named_in(merchant_id=merchant_id, order=order)
    row = _order_row(merchant_id, order, named, now)
    lines = _line_rows(merchant_id, order, named)
    payments = _pay(row, order.payment, now)
    if not insert_once(order=row, lines=lines, payments=payments):
        return _first(merchant_id, order, row, now), False
    if order.points_key:
        spend_points(merchant_id=merchant_id, row=row, now=now)
    placed = row.as_contract(lines=tuple(line.as_contract() for line in lines))
    audit.record(
        audit.Change(
            action="orders.place",
            subject="order",
            subject_id=placed.id,
            reason="handed in by its channel",
            after={"state": placed.state, "total_minor": placed.total_minor},
        ),
        now=now,
    )
    outbox.publish(*_facts(placed, order.payment), now=now)
    return placed, True


def _order_row(merchant_id: int, order: contracts.NewOrder, named: Named, now: datetime) -> Order:
    """The order's row, unpaid and without its id."""
    prices = pricing.frozen(order)
    recipient = order.recipient
    latitude, longitude = _near(recipient)
    policy = unpaid_policy(merchant_id=merchant_id, storefront_id=named.storefront.id)
    return Order(
        merchant_id=merchant_id,
        storefront_id=named.storefront.id,
        storefront_code=named.storefront.code,
        external_number=order.external_number,
        content_hash=_content_hash(merchant_id, order),
        state="placed",
        mode=order.mode,
        placed_at=order.placed_at.astimezone(UTC),
        recorded_at=now,
        currency=order.currency,
        goods_minor=prices.goods_minor,
        discount_minor=prices.discount_minor,
        freight_minor=prices.freight_minor,
        total_minor=prices.total_minor,
        pickup_location_id=named.pickup_location_id,
        seller_location_id=named.seller_location_id,
        guide_code=order.guide_code or "",
        member_reference=_reference(order, named),
        member_id=named.member_id,
        points_key=order.points_key or None,
        points_minor=order.points_minor,
        country=recipient.country,
        province=recipient.province,
        city=recipient.city,
        district=recipient.district,
        latitude=latitude,
        longitude=longitude,
        recipient_sealed=_sealed(merchant_id, order, named.storefront.id),
        phone_index=phone_index(merchant_id=merchant_id, phone=recipient.phone),
        hold_until=unpaid.hold_until(policy=policy, now=now),
        give_up_at=unpaid.give_up_at(policy=policy, now=now),
    )


def _reference(order: contracts.NewOrder, named: Named) -> str | None:
    if not order.member_reference:
        return None
    if named.member_id is not None:
        return order.member_reference
    return reference_kept(order.member_reference)


def _near(recipient: contracts.Recipient) -> tuple[float | None, float | None]:
    """About where the goods go, as far as anybody may know who only routes them."""
    if recipient.latitude is None or recipient.longitude is None:
        return None, None
    return round(recipient.latitude, DECIMALS_SHOWN), round(recipient.longitude, DECIMALS_SHOWN)


def _content_hash(merchant_id: int, order: contracts.NewOrder) -> bytes:
    """Keyed, because a bare hash of a telephone number is soon found by trying them all."""
    return crypto.blind_index(
        merchant_id=merchant_id, value=content.canonical(order), purpose=CONTENT_PURPOSE
    )


def _sealed(merchant_id: int, order: contracts.NewOrder, storefront_id: int) -> bytes:
    recipient = order.recipient
    plain = {name: getattr(recipient, name) for name in SEALED} | {"note": order.buyer_note}
    return crypto.encrypt(
        merchant_id=merchant_id,
        plain=json.dumps(plain, ensure_ascii=False).encode(),
        place=sealing_place(storefront_id=storefront_id, external_number=order.external_number),
    )


def _line_rows(merchant_id: int, order: contracts.NewOrder, named: Named) -> list[OrderLine]:
    prices = pricing.frozen(order)
    return [
        OrderLine(
            merchant_id=merchant_id,
            number=number,
            sku_id=sku.id,
            sku_code=sku.code,
            sku_name=" ".join(filter(None, (sku.name, sku.colour, sku.size))),
            quantity=line.quantity,
            unit_price_minor=line.unit_price_minor,
            discount_minor=line.discount_minor,
            order_discount_minor=prices.order_discounts[number - 1],
            line_total_minor=prices.line_totals[number - 1],
        )
        for number, (line, sku) in enumerate(zip(order.lines, named.skus, strict=True), start=1)
    ]


def _pay(row: Order, payment: contracts.NewPayment | None, now: datetime) -> list[PaymentEvent]:
    """Let the payment that came with the order, or a total of nothing, pay it."""
    effect = effect_of_payment(
        state="placed",
        total_minor=row.total_minor,
        paid_minor=0,
        amount_minor=payment.amount_minor if payment else 0,
    )
    row.paid_minor, row.refund_due_minor = effect.paid_minor, effect.refund_minor
    if effect.completes:
        row.state = "paid"
        row.paid_at = payment.paid_at.astimezone(UTC) if payment else now
        row.hold_until = row.give_up_at = None
    return payment_rows(order=row, payment=payment, effect=effect, now=now) if payment else []


def _facts(placed: contracts.Order, payment: contracts.NewPayment | None) -> Sequence[object]:
    facts: list[object] = [
        OrderPlaced(
            order_id=placed.id,
            storefront_id=placed.storefront_id,
            external_number=placed.external_number,
            placed_at=placed.placed_at,
            mode=placed.mode,
            currency=placed.currency,
            goods_minor=placed.goods_minor,
            discount_minor=placed.discount_minor,
            freight_minor=placed.freight_minor,
            total_minor=placed.total_minor,
            quantity_by_sku=_quantity_by_sku(placed),
        )
    ]
    if payment is not None:
        facts.append(payment_told(order_id=placed.id, payment=payment))
    if placed.paid_at is not None:
        facts.append(
            OrderPaid(
                order_id=placed.id,
                currency=placed.currency,
                total_minor=placed.total_minor,
                paid_minor=placed.paid_minor,
                paid_at=placed.paid_at,
            )
        )
        facts += bought_by_member(placed)
    if placed.refund_due_minor:
        facts.append(
            RefundOwed(
                order_id=placed.id,
                why="overpaid",
                currency=placed.currency,
                amount_minor=placed.refund_due_minor,
                owed_minor=placed.refund_due_minor,
            )
        )
    return facts


def _quantity_by_sku(placed: contracts.Order) -> dict[int, int]:
    quantities: Counter[int] = Counter()
    for line in placed.lines:
        quantities[line.sku_id] += line.quantity
    return dict(quantities)


def _first(
    merchant_id: int, order: contracts.NewOrder, again: Order, now: datetime
) -> contracts.Order:
    """The order that has the number, if it is this one."""
    row: Order = Order.objects.of_merchant(merchant_id).get(
        storefront_id=again.storefront_id, external_number=again.external_number
    )
    lines = tuple(line.as_contract() for line in row.lines.order_by("number"))
    if bytes(row.content_hash) != bytes(again.content_hash):
        raise ExternalNumberTaken(
            order_id=str(row.id),
            external_number=row.external_number,
            differing=content.differing(first=_as_handed_in(row, lines), again=order),
        )
    if order.payment is not None:
        return record_payment(
            merchant_id=merchant_id, order_id=row.id, payment=order.payment, now=now
        )
    return row.as_contract(lines=lines)


def _as_handed_in(row: Order, lines: Sequence[contracts.OrderLine]) -> contracts.NewOrder:
    """What a channel handed in, read back from what was kept of it."""
    recipient, note = row.recipient()
    ids = [place for place in (row.pickup_location_id, row.seller_location_id) if place]
    places = stores.locations_by_id(merchant_id=row.merchant_id, location_ids=ids) if ids else {}
    pickup = places.get(row.pickup_location_id or 0)
    seller = places.get(row.seller_location_id or 0)
    return contracts.NewOrder(
        storefront_code=row.storefront_code,
        external_number=row.external_number,
        placed_at=row.placed_at,
        currency=row.currency,
        lines=tuple(
            contracts.NewLine(
                sku_code=line.sku_code,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                discount_minor=line.discount_minor,
            )
            for line in lines
        ),
        recipient=recipient,
        freight_minor=row.freight_minor,
        discount_minor=row.discount_minor,
        mode="pickup" if row.mode == "pickup" else "ship",
        pickup_location_code=pickup.code if pickup else None,
        seller_location_code=seller.code if seller else None,
        guide_code=row.guide_code,
        member_reference=row.member_reference,
        points_key=row.points_key,
        points_minor=row.points_minor,
        buyer_note=note,
    )
