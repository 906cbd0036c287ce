"""One step of a batch, with who took it and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.benefits.contracts import BatchState
from santong.benefits.errors import BatchStatePassed
from santong.benefits.events import BatchChanged
from santong.benefits.models import Batch
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.selectors.statements import run, signature, texts
from santong.kernel import audit, outbox
from santong.kernel.nameless import check_prose
from santong.kernel.wire import Statement

_STEP = Statement("""
UPDATE benefits_batch SET state = %(to)s::text,
  approved_at = CASE WHEN %(to)s::text = 'approved' THEN %(now)s::timestamptz ELSE approved_at END,
  approved_by = CASE WHEN %(to)s::text = 'approved' THEN %(actor)s::text ELSE approved_by END
WHERE merchant_id = %(merchant)s AND id = %(batch)s AND state = ANY(%(from)s::text[])
RETURNING id
""")


def step_batch(
    *,
    merchant_id: int,
    batch_id: int,
    start: Sequence[BatchState],
    to: BatchState,
    reason: str,
    now: datetime,
) -> Batch:
    """Take a step from where it begins. Raises BatchStatePassed, FieldInvalid, NoSuch.

    Emits BatchChanged.
    """
    check_prose(reason)
    before = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    moved = run(
        _STEP,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "from": texts(start),
            "to": to,
            "actor": signature(),
            "now": now,
        },
    )
    after = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    if not moved:
        raise BatchStatePassed(batch_id=batch_id, state=after.state, wanted=to)
    audit.record(
        audit.Change(
            action=f"benefits.batch_{to}",
            subject="benefit_batch",
            subject_id=batch_id,
            reason=reason,
            before={"state": before.state},
            after={"state": to},
        ),
        now=now,
    )
    outbox.publish(BatchChanged(batch_id=batch_id, state=to), now=now)
    return after
