"""Send a line of a payout once more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import LinePassed
from santong.settlement.models import PayoutLine, PayoutRun
from santong.settlement.rules.terms import clean_reason
from santong.settlement.selectors.payouts import payout_line


@all_or_nothing
def retry_payout(
    *, merchant_id: int, line_id: int, reason: str, now: datetime
) -> contracts.PayoutLine:
    """Plan a line again that failed or came back; it is sent as a transfer of its own.

    Raises NoSuch, LinePassed, FieldInvalid. Locks the line, then its run.
    """
    reason = clean_reason(reason)
    line = PayoutLine.objects.of_merchant(merchant_id).filter(id=line_id).lock().first()
    if line is None:
        raise NoSuch(kind="payout line", key=str(line_id))
    if line.state not in {"failed", "returned"}:
        raise LinePassed(line_id=str(line_id), state=line.state, wanted="planned")
    before, line.state = line.state, "planned"
    line.send_at, line.ended_at, line.amount_minor = now, None, line.planned_minor
    line.save(update_fields=["state", "send_at", "ended_at", "amount_minor"])
    run = PayoutRun.objects.of_merchant(merchant_id).filter(id=line.run_id).lock().get()
    run.state, run.ended_at = "approved", None
    run.save(update_fields=["state", "ended_at"])
    audit.record(
        audit.Change(
            action="settlement.retry_payout",
            subject="payout_line",
            subject_id=line.id,
            reason=reason,
            before={"state": before, "why": line.why},
            after={"state": "planned"},
        ),
        now=now,
    )
    return payout_line(merchant_id=merchant_id, line_id=line_id)
