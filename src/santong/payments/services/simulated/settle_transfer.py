"""A transfer at the simulated provider goes on: done, failed, or sent back days later."""

from __future__ import annotations

from datetime import datetime

from santong.payments.contracts.providers import Notice
from santong.payments.models import SimulatedMovement, SimulatedPayment, SimulatedTransfer
from santong.payments.rules.simulated.moods import moods_named
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import transfer_name, transfer_seen
from santong.payments.services.simulated.tell import tell

COMES_BACK_AFTER_SECONDS = 2 * 24 * 3_600


def settle_transfer(
    *,
    holder: Holder,
    payment: SimulatedPayment | None,
    transfer: SimulatedTransfer,
    now: datetime,
) -> None:
    """Take the next step of a locked transfer, and have it told."""
    assert transfer.settles_at is not None
    if transfer.state == "done":
        _end(transfer, "returned", why="RECEIVERS_ACCOUNT_CLOSED", now=now)
        _book(holder, transfer, kind="transfer_returned", amount_minor=transfer.amount_minor)
        _put_back(payment, transfer)
    elif transfer.ends_as == "failed":
        _end(transfer, "failed", why="RECEIVER_UNKNOWN", now=now)
        _put_back(payment, transfer)
    else:
        transfer.state = "done"
        transfer.done_at = now
        comes_back = transfer.ends_as == "returned"
        transfer.settles_at = now + holder.after(COMES_BACK_AFTER_SECONDS) if comes_back else None
        _book(holder, transfer, kind="transfer", amount_minor=-transfer.amount_minor)
    transfer.save(update_fields=["state", "why", "settles_at", "done_at", "ended_at"])
    notice = Notice(
        number=f"transfer:{transfer.reference}:{transfer.state}",
        about="transfer",
        reference=transfer.reference,
        move=transfer_seen(transfer),
    )
    tell(holder=holder, notice=notice, now=now, named=moods_named(transfer.reason))


def _end(transfer: SimulatedTransfer, state: str, *, why: str, now: datetime) -> None:
    transfer.state = state
    transfer.why = why
    transfer.settles_at = None
    transfer.ended_at = now


def _book(holder: Holder, transfer: SimulatedTransfer, *, kind: str, amount_minor: int) -> None:
    moved_at = transfer.ended_at or transfer.done_at
    assert moved_at is not None
    SimulatedMovement.objects.create(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        kind=kind,
        reference=transfer.reference,
        their_reference=transfer_name(transfer),
        amount_minor=amount_minor,
        moved_at=moved_at,
    )


def _put_back(payment: SimulatedPayment | None, transfer: SimulatedTransfer) -> None:
    if payment is not None:
        payment.transferred_minor -= transfer.amount_minor
        payment.save(update_fields=["transferred_minor"])
