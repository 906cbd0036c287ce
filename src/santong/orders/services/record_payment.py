"""Money that comes in for an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import InvalidPayment, PaymentIdTaken
from santong.orders.events import (
    OrderPaid,
    PaidInPart,
    PaidWithoutStock,
    PaymentTold,
    RefundOwed,
)
from santong.orders.models import Order, PaymentEvent, payment_rows
from santong.orders.rules.holders import holder_of
from santong.orders.rules.intake import problems_of_payment
from santong.orders.rules.payment import Effect, effect_of_payment
from santong.orders.rules.progress import short_by_line
from santong.orders.services.lock_order import Lines, lock_order
from santong.orders.services.tell_purchase import bought_by_member


@all_or_nothing
def record_payment(
    *, merchant_id: int, order_id: int, payment: contracts.NewPayment, now: datetime
) -> contracts.Order:
    """Take in money that somebody collected for an order, once for each number of theirs.

    No money is refused. The payment that completes the order makes its stock firm, also stock
    whose hold had run out; where that is gone, the order becomes `paid_without_stock`. What nobody
    owes is to go back.

    Raises NoSuch, InvalidPayment, PaymentIdTaken. Emits PaymentTold, PaidInPart, OrderPaid,
    PaidWithoutStock, MemberBought, RefundOwed. Locks the order, then stock levels.
    """
    told = payment_told(order_id=order_id, payment=payment)
    return _take(merchant_id, order_id, payment, [told], now)


@all_or_nothing
def take_money(
    *, merchant_id: int, order_id: int, payment: contracts.NewPayment, now: datetime
) -> contracts.Order:
    """Take in money that our own payments have received; otherwise as `record_payment` does.

    Raises NoSuch, InvalidPayment, PaymentIdTaken. Emits PaidInPart, OrderPaid, PaidWithoutStock,
    MemberBought, RefundOwed. Locks the order, then stock levels.
    """
    return _take(merchant_id, order_id, payment, [], now)


def payment_told(*, order_id: int, payment: contracts.NewPayment) -> PaymentTold:
    """What is told of money that somebody else has collected."""
    return PaymentTold(
        order_id=order_id,
        collected_by=payment.provider,
        number=payment.external_id,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        paid_at=payment.paid_at.astimezone(UTC),
    )


def _take(
    merchant_id: int,
    order_id: int,
    payment: contracts.NewPayment,
    told: Sequence[object],
    now: datetime,
) -> contracts.Order:
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if problems := problems_of_payment(payment=payment, currency=row.currency):
        raise InvalidPayment(errors=problems)
    if _came_before(row, payment):
        return row.as_contract(lines=lines)
    before = {"state": row.state, "paid_minor": row.paid_minor}
    effect = effect_of_payment(
        state=row.state,  # type: ignore[arg-type]  # the constraint vouches
        total_minor=row.total_minor,
        paid_minor=row.paid_minor,
        amount_minor=payment.amount_minor,
    )
    PaymentEvent.objects.bulk_create(
        payment_rows(order=row, payment=payment, effect=effect, now=now)
    )
    row.paid_minor = effect.paid_minor
    row.refund_due_minor += effect.refund_minor
    facts = _complete(row, lines, payment, now) if effect.completes else _in_part(row, payment)
    row.save(
        update_fields=[
            "state",
            "paid_minor",
            "refund_due_minor",
            "paid_at",
            "hold_until",
            "give_up_at",
        ]
    )
    audit.record(_change(row, before, payment, effect), now=now)
    paid = row.as_contract(lines=lines)
    bought = bought_by_member(paid) if effect.completes else []
    outbox.publish(*told, *facts, *bought, *_refund(row, effect), now=now)
    return paid


def _came_before(row: Order, payment: contracts.NewPayment) -> bool:
    """Whether this payment was recorded; under one number there is one amount."""
    first = (
        PaymentEvent.objects.of_merchant(row.merchant_id)
        .filter(
            order=row,
            kind="payment",
            provider=payment.provider,
            external_id=payment.external_id,
        )
        .first()
    )
    if first is None:
        return False
    if first.amount_minor != payment.amount_minor:
        raise PaymentIdTaken(
            order_id=str(row.id), external_id=payment.external_id, differing=("/amount_minor",)
        )
    return True


def _complete(
    row: Order, lines: Lines, payment: contracts.NewPayment, now: datetime
) -> list[object]:
    """All the money is in: make the stock firm, or say what is short."""
    row.paid_at = paid_at = payment.paid_at.astimezone(UTC)
    row.hold_until = row.give_up_at = None
    short = short_by_line(lines, promised_by_line=_allocated(row, now))
    row.state = "paid_without_stock" if short else "paid"
    if short:
        return [
            PaidWithoutStock(
                order_id=row.id,
                currency=row.currency,
                total_minor=row.total_minor,
                paid_minor=row.paid_minor,
                short_by_line=short,
            )
        ]
    return [
        OrderPaid(
            order_id=row.id,
            currency=row.currency,
            total_minor=row.total_minor,
            paid_minor=row.paid_minor,
            paid_at=paid_at,
        )
    ]


def _in_part(row: Order, payment: contracts.NewPayment) -> list[object]:
    """Some of the money is in; an order that is paid or given up waits for nothing."""
    if row.state != "placed":
        return []
    return [
        PaidInPart(
            order_id=row.id,
            currency=row.currency,
            amount_minor=payment.amount_minor,
            paid_minor=row.paid_minor,
            total_minor=row.total_minor,
            paid_at=payment.paid_at.astimezone(UTC),
        )
    ]


def _allocated(row: Order, now: datetime) -> dict[int, int]:
    """What is firmly promised, by line; nothing if what had expired is gone."""
    try:
        with transaction.atomic():  # the payment stands, whatever the stock
            reservations = inventory.allocate(
                merchant_id=row.merchant_id, holder=holder_of(order_id=row.id), now=now
            )
    except inventory.InsufficientStock:
        return {}
    promised: dict[int, int] = {}
    for reservation in reservations:
        promised[reservation.line_id] = (
            promised.get(reservation.line_id, 0) + reservation.live_quantity
        )
    return promised


def _change(
    row: Order, before: dict[str, object], payment: contracts.NewPayment, effect: Effect
) -> audit.Change:
    return audit.Change(
        action="orders.record_payment",
        subject="order",
        subject_id=row.id,
        reason=f"paid_{effect.why_refund}" if effect.why_refund else "paid",
        before=before,
        after={
            "state": row.state,
            "paid_minor": row.paid_minor,
            "provider": payment.provider,
            "external_id": payment.external_id,
        },
    )


def _refund(row: Order, effect: Effect) -> list[object]:
    if not effect.refund_minor or effect.why_refund is None:
        return []
    return [
        RefundOwed(
            order_id=row.id,
            why=effect.why_refund,
            currency=row.currency,
            amount_minor=effect.refund_minor,
            owed_minor=row.refund_due_minor,
        )
    ]
