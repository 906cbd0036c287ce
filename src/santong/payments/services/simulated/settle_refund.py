"""A refund at the simulated provider ends. Whoever calls holds the payment's lock."""

from __future__ import annotations

from datetime import datetime

from santong.payments.contracts.providers import Notice
from santong.payments.models import SimulatedMovement, SimulatedPayment, SimulatedRefund
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import refund_name, refund_seen
from santong.payments.services.simulated.tell import tell


def settle_refund(
    *, holder: Holder, payment: SimulatedPayment, refund: SimulatedRefund, now: datetime
) -> None:
    """Let the money be with the buyer, or with the account again, and have that told."""
    assert refund.state == "working"
    refund.state = refund.ends_as
    refund.ended_at = now
    if refund.state == "failed":
        refund.why = "BUYERS_ACCOUNT_CLOSED"
        payment.refunded_minor -= refund.amount_minor
        payment.save(update_fields=["refunded_minor"])
    else:
        SimulatedMovement.objects.create(
            merchant_id=holder.merchant_id,
            account_code=holder.account_code,
            kind="refund",
            reference=refund.reference,
            their_reference=refund_name(refund),
            amount_minor=-refund.amount_minor,
            moved_at=now,
        )
    refund.save(update_fields=["state", "why", "ended_at"])
    notice = Notice(
        number=f"refund:{refund.reference}:{refund.state}",
        about="refund",
        reference=refund.reference,
        move=refund_seen(refund),
    )
    named = moods_named(refund.reason)
    tell(holder=holder, notice=notice, now=now, named=named)
