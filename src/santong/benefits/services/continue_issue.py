"""The next part of a mass issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.benefits.contracts import IssueProgress
from santong.benefits.events import CouponsIssued
from santong.benefits.models import Batch, IssueRun
from santong.benefits.rules.slots import taken
from santong.benefits.rules.validity import Span, day_of, span_of
from santong.benefits.selectors.issues import progress_of
from santong.benefits.selectors.limits import batch_by_id, refusal_of
from santong.benefits.selectors.statements import array, run, signature
from santong.benefits.services.give_many import Portion, give_many
from santong.benefits.services.lock_slots import lock_slots, take_slots
from santong.benefits.services.open_day import open_day
from santong.kernel import outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_WAITING = Statement("""
SELECT member_id FROM benefits_issuetarget
WHERE merchant_id = %(merchant)s::bigint AND run_id = %(run)s::bigint AND state = 'waiting'
ORDER BY id LIMIT %(limit)s::int
""")
_ANSWER = Statement("""
UPDATE benefits_issuetarget SET state = %(state)s::text, why = %(why)s::text
WHERE merchant_id = %(merchant)s::bigint AND run_id = %(run)s::bigint AND state = 'waiting'
  AND member_id = ANY(%(members)s::bigint[])
RETURNING id
""")
_COUNT = Statement("""
UPDATE benefits_issuerun
SET issued = issued + %(issued)s::int, refused = refused + %(refused)s::int,
  state = CASE WHEN total = issued + refused + %(issued)s::int + %(refused)s::int
    THEN 'done' ELSE state END,
  done_at = CASE WHEN total = issued + refused + %(issued)s::int + %(refused)s::int
    THEN %(now)s::timestamptz END
WHERE merchant_id = %(merchant)s::bigint AND id = %(run)s::bigint
RETURNING id
""")


@all_or_nothing
def continue_issue(
    *, merchant_id: int, run_id: int, now: datetime, limit: int = 500
) -> IssueProgress:
    """Give the next members of a mass issue their coupons; those whom a limit stops are refused.

    A part that was interrupted left nothing behind; the next call takes it up again.

    Raises NoSuch. Emits CouponsIssued. Locks the run, the batch's slots, then members' counts.
    """
    rows = IssueRun.objects.of_merchant(merchant_id).filter(id=run_id)
    row: IssueRun | None = rows.lock().first()
    if row is None:
        raise NoSuch(kind="issue run", key=str(run_id))
    if row.state == "done":
        return progress_of(row)
    batch = batch_by_id(merchant_id=merchant_id, batch_id=row.batch_id)
    members = [
        member_id
        for (member_id,) in run(_WAITING, {"merchant": merchant_id, "run": run_id, "limit": limit})
    ]
    answers = _answers(row, batch, members, now)
    for (state, why), answered in answers.items():
        run(
            _ANSWER,
            {
                "merchant": merchant_id,
                "run": run_id,
                "state": state,
                "why": why,
                "members": array(answered),
            },
        )
    issued = sum(len(ids) for (state, _), ids in answers.items() if state == "issued")
    run(
        _COUNT,
        {
            "merchant": merchant_id,
            "run": run_id,
            "issued": issued,
            "refused": len(members) - issued,
            "now": now,
        },
    )
    row.refresh_from_db()
    return progress_of(row)


Answers = Mapping[tuple[str, str], Sequence[int]]


def _answers(row: IssueRun, batch: Batch, members: Sequence[int], now: datetime) -> Answers:
    """What each of these members is told: given, or stopped by which limit."""
    merchant_id = row.merchant_id
    spans = [""]
    if batch.limit_per_day is not None:
        open_day(merchant_id=merchant_id, batch_id=batch.id, now=now)
        spans.append(day_of(at=now, timezone=batch.timezone).isoformat())
    slots_by_span = {
        span: lock_slots(merchant_id=merchant_id, batch_id=batch.id, span=span) for span in spans
    }
    refused = refusal_of(merchant_id=merchant_id, batch_id=batch.id, member_id=None, now=now)
    if refused is not None:
        why = getattr(refused, "limit", "closed")
        return {("refused", why): members}
    room, span_of_room = min(
        (sum(slot.quota - slot.used for slot in slots), span)
        for span, slots in slots_by_span.items()
    )
    validity = batch.as_contract().validity
    span: Span = span_of(validity, issued_at=now)
    given = give_many(
        Portion(
            merchant_id=merchant_id,
            batch=batch,
            members=members[:room],
            run_id=row.id,
            channel=row.channel,
            span=span,
            actor=signature(),
        ),
        now=now,
    )
    for name, slots in slots_by_span.items():
        take_slots(
            merchant_id=merchant_id,
            batch_id=batch.id,
            span=name,
            taken_by_slot=taken(slots, wanted=len(given.member_ids)),
        )
    if given.member_ids:
        told = CouponsIssued(run_id=row.id, batch_id=batch.id, member_ids=tuple(given.member_ids))
        outbox.publish(told, now=now)
    got = set(given.member_ids)
    stopped = [member for member in members[:room] if member not in got]
    return {
        ("issued", ""): given.member_ids,
        ("refused", given.why): stopped,
        ("refused", "day" if span_of_room else "total"): members[room:],
    }
