"""Take what was authorised at the simulated provider."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Refused, Seen
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import payment_seen
from santong.payments.services.simulated.lock_payment import lock_payment
from santong.payments.services.simulated.take_payment import book_paid


@all_or_nothing
def capture_payment(*, holder: Holder, reference: str, amount_minor: int, now: datetime) -> Seen:
    """Take it, or a part of it, once; the rest is free again. Raises Refused. Locks the payment."""
    payment = lock_payment(holder=holder, reference=reference, now=now)
    if payment is None:
        return Seen(state="unknown")
    if payment.state == "paid":
        if payment.paid_minor != amount_minor:
            raise Refused("CAPTURED_ALREADY")
        return payment_seen(payment, now=now)
    if payment.state != "authorised":
        raise Refused("NOT_AUTHORISED", payment.state)
    if not 0 < amount_minor <= payment.amount_minor:
        raise Refused("MORE_THAN_AUTHORISED")
    book_paid(holder=holder, payment=payment, amount_minor=amount_minor, now=now)
    return payment_seen(payment, now=now)
