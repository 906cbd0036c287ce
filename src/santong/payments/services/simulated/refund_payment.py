"""Give money back along a payment at the simulated provider."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import RefundAsk, Refused, SeenMove
from santong.payments.models import SimulatedPayment, SimulatedRefund
from santong.payments.models.simulated import LONGEST_TEXT
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import refund_seen
from santong.payments.services.simulated.lock_payment import lock_payment
from santong.payments.services.simulated.settle_refund import settle_refund


@all_or_nothing
def refund_payment(*, holder: Holder, ask: RefundAsk, now: datetime) -> SeenMove:
    """Give so much back, at once or when the mood is over, and once for its reference.

    Raises Refused. Locks the payment.
    """
    payment = lock_payment(holder=holder, reference=ask.payment_reference, now=now)
    if payment is None:
        raise Refused("NO_SUCH_PAYMENT")
    asked = SimulatedRefund.objects.of_merchant(holder.merchant_id).filter(reference=ask.reference)
    refund = asked.first()
    if refund is None:
        _check(holder, payment, ask)
        refund = _opened(holder, payment, ask, now)
    elif (refund.payment_id, refund.amount_minor) != (payment.id, ask.amount_minor):
        raise Refused("REFERENCE_TAKEN")
    if refund.state == "working" and now >= refund.settles_at:
        settle_refund(holder=holder, payment=payment, refund=refund, now=now)
    return refund_seen(refund)


def _check(holder: Holder, payment: SimulatedPayment, ask: RefundAsk) -> None:
    if payment.state != "paid":
        raise Refused("NOT_PAID", payment.state)
    left = payment.paid_minor - payment.refunded_minor - payment.disputed_minor
    if not 0 < ask.amount_minor <= left:
        raise Refused("MORE_THAN_PAID")
    if payment.refunds >= holder.terms.most_refunds:
        raise Refused("TOO_MANY_REFUNDS")


def _opened(
    holder: Holder, payment: SimulatedPayment, ask: RefundAsk, now: datetime
) -> SimulatedRefund:
    named = moods_named(payment.mood) | moods_named(ask.reason)
    fails = holder.falls("refund_fails", about=ask.reference, named=named)
    works = fails or holder.falls("refund_works", about=ask.reference, named=named)
    pause = holder.after(30, "refund", ask.reference, spread=150) if works else holder.after(0)
    payment.refunded_minor += ask.amount_minor
    payment.refunds += 1
    payment.save(update_fields=["refunded_minor", "refunds"])
    return SimulatedRefund.objects.create(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        reference=ask.reference,
        payment=payment,
        amount_minor=ask.amount_minor,
        reason=ask.reason[:LONGEST_TEXT],
        ends_as="failed" if fails else "done",
        asked_at=now,
        settles_at=now + pause,
    )
