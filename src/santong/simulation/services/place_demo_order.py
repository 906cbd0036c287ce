from __future__ import annotations

from dataclasses import replace

from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing import public as routing
from santong.simulation.rules.demo.shape import COUNTRY, CURRENCY, Order

# A marketplace hands an order in once it is paid; an own channel at once, and its payment later.
HANDED_IN_PAID = "mall-"


@all_or_nothing
def place_demo_order(
    *, merchant_id: int, order: Order, member_reference: str | None = None
) -> orders.Order:
    """Hand one order in as its channel would, at the time when it would, and its payment.

    Placed before, it is found. Raises OutOfStock. Emits what placing and paying emit. Locks stock
    levels.
    """
    is_paid_first = order.storefront.startswith(HANDED_IN_PAID) and order.payment is not None
    handed_in_at = order.payment.paid_at if is_paid_first and order.payment else order.placed_at
    placed, _ = routing.promise_order(
        merchant_id=merchant_id,
        order=replace(
            _new_order(order, with_payment=is_paid_first), member_reference=member_reference
        ),
        now=handed_in_at,
    )
    if order.payment is None or is_paid_first:
        return placed
    payment = _payment(order)
    assert payment is not None
    return orders.record_payment(
        merchant_id=merchant_id, order_id=placed.id, payment=payment, now=payment.paid_at
    )


def _new_order(order: Order, *, with_payment: bool) -> orders.NewOrder:
    return orders.NewOrder(
        storefront_code=order.storefront,
        external_number=order.number,
        placed_at=order.placed_at,
        currency=CURRENCY,
        lines=tuple(
            orders.NewLine(
                sku_code=line.sku,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
            )
            for line in order.lines
        ),
        recipient=orders.Recipient(
            name=order.recipient.name,
            phone=order.recipient.phone,
            country=COUNTRY,
            province=order.recipient.province,
            city=order.recipient.city,
            district=order.recipient.district,
            address=order.recipient.address,
            latitude=order.recipient.latitude,
            longitude=order.recipient.longitude,
        ),
        freight_minor=order.freight_minor,
        discount_minor=order.discount_minor,
        total_minor=order.payable_minor,
        mode=order.mode,
        pickup_location_code=order.pickup_place,
        payment=_payment(order) if with_payment else None,
        seller_location_code=order.seller_place,
        guide_code=order.guide,
        buyer_note=order.buyer_note,
    )


def _payment(order: Order) -> orders.NewPayment | None:
    if order.payment is None:
        return None
    return orders.NewPayment(
        external_id=order.payment.number,
        amount_minor=order.payment.amount_minor,
        currency=CURRENCY,
        paid_at=order.payment.paid_at,
        provider=order.payment.method,
    )
