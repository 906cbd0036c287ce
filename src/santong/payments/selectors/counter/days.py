"""What moved over the counter on a day, for the batch of a terminal and the day of a till."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from santong.payments.models import CashPayment, CounterRefund, TerminalPayment
from santong.payments.rules.counter_statement import CounterLine


def terminal_lines(*, merchant_id: int, account_code: str, day: date) -> list[CounterLine]:
    """A day's batch: what was approved, voided and refunded, in the order of time."""
    payments = TerminalPayment.objects.of_merchant(merchant_id).filter(
        account_code=account_code, batch_on=day
    )
    lines = [
        CounterLine(
            kind="payment",
            reference=each.reference,
            their_reference=terminal_name(each),
            moved_at=each.approved_at,
            amount_minor=each.amount_minor,
            fee_minor=each.fee_minor,
            detail=each.terminal,
        )
        for each in payments.order_by("id").iterator(chunk_size=2_000)
    ]
    return _in_order(lines + _back(merchant_id, account_code, day))


def cash_lines(
    *, merchant_id: int, account_code: str, day: date, time_zone: str
) -> list[CounterLine]:
    """A day of the till: what was taken and paid out, in the order of time."""
    zone = ZoneInfo(time_zone)
    payments = CashPayment.objects.of_merchant(merchant_id).filter(
        account_code=account_code,
        taken_at__gte=datetime.combine(day, time.min, zone),
        taken_at__lt=datetime.combine(day + timedelta(days=1), time.min, zone),
    )
    lines = [
        CounterLine(
            kind="payment",
            reference=each.reference,
            their_reference=cash_name(each),
            moved_at=each.taken_at,
            amount_minor=each.amount_minor,
            fee_minor=0,
            detail=each.till,
        )
        for each in payments.order_by("id").iterator(chunk_size=2_000)
    ]
    return _in_order(lines + _back(merchant_id, account_code, day))


def terminal_payment(
    *, merchant_id: int, account_code: str, reference: str
) -> TerminalPayment | None:
    """What a terminal approved for a reference."""
    payments = TerminalPayment.objects.of_merchant(merchant_id)
    return payments.filter(account_code=account_code, reference=reference).first()


def cash_payment(*, merchant_id: int, account_code: str, reference: str) -> CashPayment | None:
    """What cash was taken for a reference."""
    payments = CashPayment.objects.of_merchant(merchant_id)
    return payments.filter(account_code=account_code, reference=reference).first()


def counter_refund(*, merchant_id: int, account_code: str, reference: str) -> CounterRefund | None:
    """What was given back under a reference."""
    refunds = CounterRefund.objects.of_merchant(merchant_id)
    return refunds.filter(account_code=account_code, reference=reference).first()


def terminal_name(payment: TerminalPayment) -> str:
    """By which a terminal knows a payment."""
    return f"{payment.terminal}/{payment.trace}/{payment.batch_on:%m%d}"


def cash_name(payment: CashPayment) -> str:
    """By which a till knows what it took."""
    return f"cash{payment.id:x}"


def refund_name(refund: CounterRefund) -> str:
    """By which the counter knows what it gave back."""
    return f"{refund.kind}{refund.id:x}"


def _back(merchant_id: int, account_code: str, day: date) -> list[CounterLine]:
    refunds = CounterRefund.objects.of_merchant(merchant_id).filter(
        account_code=account_code, given_on=day
    )
    return [
        CounterLine(
            kind=each.kind,
            reference=each.reference,
            their_reference=refund_name(each),
            moved_at=each.given_at,
            amount_minor=-each.amount_minor,
            fee_minor=each.fee_minor,
            detail=each.payment_reference,
        )
        for each in refunds.order_by("id").iterator(chunk_size=2_000)
    ]


def _in_order(lines: list[CounterLine]) -> list[CounterLine]:
    return sorted(lines, key=lambda line: (line.moved_at, line.reference))
