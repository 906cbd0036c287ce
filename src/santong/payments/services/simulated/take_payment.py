"""A buyer pays at the simulated provider. Whoever calls holds the payment's lock."""

from __future__ import annotations

from datetime import datetime

from santong.payments.contracts.providers import Notice
from santong.payments.models import SimulatedMovement, SimulatedPayment
from santong.payments.rules.simulated.moods import Mood, moods_named, number
from santong.payments.rules.simulated.terms import Holder, fee_on
from santong.payments.selectors.simulated.seen import payment_name, payment_seen
from santong.payments.services.simulated.tell import tell

BUYERS = 0x10000


def take_payment(
    *,
    holder: Holder,
    payment: SimulatedPayment,
    now: datetime,
    named: frozenset[Mood] = frozenset(),
) -> None:
    """Let a waiting payment be paid, or authorised, and have that told."""
    assert payment.state == "waiting"
    buyer = number(holder.terms.seed, "buyer", payment.reference, below=BUYERS)
    payment.payer = f"buyer-{buyer:x}"
    payment.ended_at = now
    if payment.is_authorisation:
        payment.state = "authorised"
        payment.save(update_fields=["state", "payer", "ended_at"])
        tell_payment(holder=holder, payment=payment, now=now, named=named)
        return
    book_paid(
        holder=holder, payment=payment, amount_minor=payment.amount_minor, now=now, named=named
    )


def book_paid(
    *,
    holder: Holder,
    payment: SimulatedPayment,
    amount_minor: int,
    now: datetime,
    named: frozenset[Mood] = frozenset(),
) -> None:
    """Take so much into the account, less the fee, and have that told."""
    payment.state = "paid"
    payment.paid_minor = amount_minor
    payment.fee_minor = fee_on(amount_minor, per_million=holder.terms.fee_per_million)
    payment.ended_at = now
    payment.save(update_fields=["state", "payer", "paid_minor", "fee_minor", "ended_at"])
    SimulatedMovement.objects.create(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        kind="payment",
        reference=payment.reference,
        their_reference=payment_name(payment),
        amount_minor=amount_minor,
        fee_minor=payment.fee_minor,
        moved_at=now,
    )
    tell_payment(holder=holder, payment=payment, now=now, named=named)


def end_payment(
    *, holder: Holder, payment: SimulatedPayment, state: str, why: str, now: datetime
) -> None:
    """End a payment that brings nothing: closed, or failed."""
    payment.state = state
    payment.why = why
    payment.ended_at = now
    payment.save(update_fields=["state", "why", "ended_at"])
    if state == "failed":
        tell_payment(holder=holder, payment=payment, now=now)


def tell_payment(
    *,
    holder: Holder,
    payment: SimulatedPayment,
    now: datetime,
    named: frozenset[Mood] = frozenset(),
) -> None:
    """Have told how a payment stands."""
    notice = Notice(
        number=f"payment:{payment.reference}:{payment.state}",
        about="payment",
        reference=payment.reference,
        payment=payment_seen(payment, now=now),
    )
    tell(holder=holder, notice=notice, now=now, named=named | moods_named(payment.mood))
