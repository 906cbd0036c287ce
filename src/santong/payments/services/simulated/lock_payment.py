"""A payment of the simulated provider, for one doer at a time."""

from __future__ import annotations

from datetime import datetime

from santong.payments.models import SimulatedPayment
from santong.payments.rules.simulated.terms import Holder
from santong.payments.services.simulated.take_payment import end_payment


def lock_payment(*, holder: Holder, reference: str, now: datetime) -> SimulatedPayment | None:
    """The payment of a reference, locked; closed by then if its time has run out."""
    payment = (
        SimulatedPayment.objects.of_merchant(holder.merchant_id)
        .filter(reference=reference, account_code=holder.account_code)
        .lock()
        .first()
    )
    if payment is not None and payment.state == "waiting" and now >= payment.expires_at:
        end_payment(holder=holder, payment=payment, state="closed", why="expired", now=now)
    return payment
