"""A transfer ended: so did its line. What did not arrive, or came back, can be paid again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.events import PayoutEnded
from santong.settlement.models import Entry, PayoutLine
from santong.settlement.services.end_runs import end_runs

Told = Literal["done", "failed", "returned"]
# A no that comes after a yes is the bank giving it back: it is never taken for settled.
_STEPS: dict[tuple[str, Told], contracts.PayoutState] = {
    ("sent", "done"): "done",
    ("sent", "failed"): "failed",
    ("sent", "returned"): "returned",
    ("done", "failed"): "returned",
    ("done", "returned"): "returned",
}
UNSAID = "the provider gave no reason"


@all_or_nothing
def end_payout(*, merchant_id: int, transfer_id: int, state: Told, why: str, now: datetime) -> None:
    """Take in how a transfer ended; told again, it changes nothing.

    Emits PayoutEnded, PayoutRunChanged. Locks the line, then its run.
    """
    line = (
        PayoutLine.objects.of_merchant(merchant_id)
        .filter(transfer_id=transfer_id)
        .select_related("run")
        .lock()
        .first()
    )
    to = _STEPS.get((line.state, state)) if line else None
    if line is None or to is None:
        return
    line.state, line.ended_at = to, now
    if to != "done":
        line.why = (why.strip() or UNSAID)[: contracts.LONGEST_REASON]
        Entry.objects.create(
            merchant_id=merchant_id,
            party_id=line.party_id,
            kind="came_back",
            currency=line.run.currency,
            amount_minor=line.amount_minor,
            at=now,
            payout_line=line,
            reason=line.why,
        )
    line.save(update_fields=["state", "ended_at", "why"])
    outbox.publish(
        PayoutEnded(
            party_id=line.party_id,
            run_id=line.run_id,
            line_id=line.id,
            state=to,
            currency=line.run.currency,
            amount_minor=line.amount_minor,
        ),
        now=now,
    )
    end_runs(merchant_id=merchant_id, run_ids={line.run_id}, now=now)
