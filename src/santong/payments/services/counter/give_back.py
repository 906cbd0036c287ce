"""Record what was given back over the counter."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import RefundAsk, Refused
from santong.payments.models import CashPayment, CounterRefund, TerminalPayment

Payment = TypeVar("Payment", TerminalPayment, CashPayment)


@all_or_nothing
def void_or_refund(
    *, merchant_id: int, account_code: str, ask: RefundAsk, today: date, now: datetime
) -> CounterRefund:
    """Void a terminal's payment whole while its batch is open, refund it in any other case.

    Once for its reference, and never more than was paid; a void takes back the fee, too. Raises
    Refused. Locks the payment.
    """
    payment = (
        TerminalPayment.objects.of_merchant(merchant_id)
        .filter(account_code=account_code, reference=ask.payment_reference)
        .lock()
        .first()
    )
    if payment is None:
        raise Refused("NO_SUCH_PAYMENT")
    is_whole = ask.amount_minor == payment.amount_minor
    is_void = is_whole and payment.batch_on == today
    return _given(
        payment,
        ask,
        kind="void" if is_void else "refund",
        fee_minor=-payment.fee_minor if is_void else 0,
        today=today,
        now=now,
    )


@all_or_nothing
def pay_out(
    *, merchant_id: int, account_code: str, ask: RefundAsk, today: date, now: datetime
) -> CounterRefund:
    """Pay cash out of the till, once for its reference, and never more than was taken.

    Raises Refused. Locks the payment.
    """
    payment = (
        CashPayment.objects.of_merchant(merchant_id)
        .filter(account_code=account_code, reference=ask.payment_reference)
        .lock()
        .first()
    )
    if payment is None:
        raise Refused("NO_SUCH_PAYMENT")
    return _given(payment, ask, kind="pay_out", fee_minor=0, today=today, now=now)


def _given(
    payment: Payment,
    ask: RefundAsk,
    *,
    kind: str,
    fee_minor: int,
    today: date,
    now: datetime,
) -> CounterRefund:
    refunds = CounterRefund.objects.of_merchant(payment.merchant_id)
    given = refunds.filter(reference=ask.reference).first()
    if given is not None:
        said = (given.payment_reference, given.amount_minor)
        if said != (ask.payment_reference, ask.amount_minor):
            raise Refused("REFERENCE_TAKEN")
        return given
    if not 0 < ask.amount_minor <= payment.amount_minor - payment.refunded_minor:
        raise Refused("MORE_THAN_PAID")
    payment.refunded_minor += ask.amount_minor
    payment.save(update_fields=["refunded_minor"])
    return CounterRefund.objects.create(
        merchant_id=payment.merchant_id,
        account_code=payment.account_code,
        reference=ask.reference,
        payment_reference=ask.payment_reference,
        kind=kind,
        amount_minor=ask.amount_minor,
        fee_minor=fee_minor,
        given_at=now,
        given_on=today,
    )
