"""A buyer wants the money back from the simulated provider, and it decides."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.payments.contracts.providers import Notice, Refused
from santong.payments.models import SimulatedDispute, SimulatedMovement, SimulatedPayment
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import dispute_name, dispute_seen
from santong.payments.services.simulated.tell import tell


def open_dispute(*, holder: Holder, payment: SimulatedPayment, now: datetime) -> None:
    """Take what is left of a locked payment out of the account until it is decided.

    Raises Refused where nothing is left.
    """
    left = payment.paid_minor - payment.refunded_minor - payment.disputed_minor
    if left <= 0 or _open(payment) is not None:
        raise Refused("NOTHING_TO_DISPUTE", payment.state)
    dispute = SimulatedDispute.objects.create(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        payment=payment,
        amount_minor=left,
        opened_at=now,
    )
    payment.disputed_minor += left
    payment.save(update_fields=["disputed_minor"])
    _book(holder, payment, dispute, kind="chargeback", amount_minor=-left, now=now)
    _tell(holder, payment, dispute, now)


def decide_dispute(
    *, holder: Holder, payment: SimulatedPayment, state: Literal["won", "lost"], now: datetime
) -> None:
    """Give the money back to the account, or to the buyer. Raises Refused where none is open."""
    dispute = _open(payment)
    if dispute is None:
        raise Refused("NO_DISPUTE")
    dispute.state = state
    dispute.ended_at = now
    dispute.save(update_fields=["state", "ended_at"])
    if state == "won":
        payment.disputed_minor -= dispute.amount_minor
        payment.save(update_fields=["disputed_minor"])
        amount = dispute.amount_minor
        _book(holder, payment, dispute, kind="chargeback_returned", amount_minor=amount, now=now)
    _tell(holder, payment, dispute, now)


def _open(payment: SimulatedPayment) -> SimulatedDispute | None:
    return SimulatedDispute.objects.filter(payment=payment, state="opened").first()


def _book(
    holder: Holder,
    payment: SimulatedPayment,
    dispute: SimulatedDispute,
    *,
    kind: str,
    amount_minor: int,
    now: datetime,
) -> None:
    SimulatedMovement.objects.create(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        kind=kind,
        reference=payment.reference,
        their_reference=dispute_name(dispute),
        amount_minor=amount_minor,
        moved_at=now,
    )


def _tell(
    holder: Holder, payment: SimulatedPayment, dispute: SimulatedDispute, now: datetime
) -> None:
    notice = Notice(
        number=f"dispute:{dispute_name(dispute)}:{dispute.state}",
        about="dispute",
        reference=payment.reference,
        dispute=dispute_seen(dispute, payment_reference=payment.reference),
    )
    tell(holder=holder, notice=notice, now=now, named=moods_named(payment.mood))
