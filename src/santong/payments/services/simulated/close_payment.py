"""See that a payment at the simulated provider is not paid any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Seen
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import payment_seen
from santong.payments.services.simulated.lock_payment import lock_payment
from santong.payments.services.simulated.take_payment import end_payment, take_payment


@all_or_nothing
def close_payment(*, holder: Holder, reference: str, now: datetime) -> Seen:
    """Close what waits, void what is authorised; who paid before has paid. Locks the payment."""
    payment = lock_payment(holder=holder, reference=reference, now=now)
    if payment is None:
        return Seen(state="unknown")
    if payment.state == "waiting" and holder.falls(
        "paid_while_closing", about=reference, named=moods_named(payment.mood)
    ):
        take_payment(holder=holder, payment=payment, now=now)
    if payment.state == "waiting":
        end_payment(holder=holder, payment=payment, state="closed", why="closed", now=now)
    elif payment.state == "authorised":
        end_payment(holder=holder, payment=payment, state="closed", why="voided", now=now)
    return payment_seen(payment, now=now)
