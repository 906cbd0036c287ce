"""Clocks whose moment has come: they are warned of, broken, and people are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.clocks import contracts
from santong.clocks.events import Escalated
from santong.clocks.models import Clock, Escalation
from santong.clocks.rules.working_time import instant_of, seconds_of
from santong.clocks.selectors.standing import Books, books, events_of
from santong.clocks.services.settle import broken, steps_told, warned
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing

_LOOKED = ["warned_at", "broken_at", "next_at"]


@dataclass(slots=True)
class _Found:
    """What follows from looking at a batch of clocks."""

    facts: list[object]
    told: list[Escalation]
    trail: list[audit.Change]


@all_or_nothing
def look_at_due(*, merchant_id: int, limit: int, now: datetime) -> int:
    """See to clocks whose moment has come, the longest first, `limit` at most; say how many.

    Each warning, breach and step is told once. Clocks that somebody else is busy with are left
    for the next time. Emits ClockWarned, ClockBroken, Escalated. Locks the clocks.
    """
    due = Clock.objects.of_merchant(merchant_id).filter(next_at__lte=now)
    rows = list(
        due.order_by("next_at", "id").select_for_update(
            skip_locked=True, no_key=True, of=("self",)
        )[:limit]
    )
    if not rows:
        return 0
    ids = [row.id for row in rows]
    recorded = events_of(merchant_id=merchant_id, clock_ids=ids)
    happened = {clock_id: [each.as_event() for each in recorded[clock_id]] for clock_id in ids}
    known = books(merchant_id=merchant_id, events=[each for of in happened.values() for each in of])
    told = steps_told(merchant_id=merchant_id, clock_ids=ids)
    found = _Found([], [], [])
    for row in rows:
        steps = told[row.id].get(row.policy_version_id, set())
        _look(row, happened[row.id], known, steps, found, now=now)
    Clock.objects.bulk_update(rows, _LOOKED)
    Escalation.objects.bulk_create(found.told)
    audit.record(*found.trail, now=now)
    outbox.publish(*found.facts, now=now)
    return len(rows)


def _look(
    row: Clock,
    happened: Sequence[contracts.Event],
    known: Books,
    told: set[int],
    found: _Found,
    *,
    now: datetime,
) -> None:
    at = seconds_of(now)
    ahead = known.milestones(happened, now=at)
    policy = ""
    if row.policy_version_id is not None:
        policy = known.policies[row.policy_version_id].code
    if row.warned_at is None and ahead.warn_at is not None and ahead.warn_at <= at:
        row.warned_at = now
        found.facts.append(warned(row, policy=policy))
    if row.broken_at is None and ahead.due_at is not None and ahead.due_at < at:
        row.broken_at = now
        found.facts.append(broken(row, policy=policy))
        found.trail.append(_broke(row))
    for step, tell_at in enumerate(ahead.tell_at):
        if tell_at is not None and tell_at <= at and step not in told:
            told.add(step)
            _tell(row, step, known, found, policy=policy, now=now)
    next_at = ahead.next_at(
        is_warned=row.warned_at is not None,
        is_broken=row.broken_at is not None,
        told=frozenset(told),
    )
    row.next_at = None if next_at is None else instant_of(next_at)


def _tell(
    row: Clock, number: int, known: Books, found: _Found, *, policy: str, now: datetime
) -> None:
    assert row.policy_version_id is not None
    step = known.policies[row.policy_version_id].promise.steps[number]
    store = row.store if step.place == "store" else ""
    found.told.append(
        Escalation(
            merchant_id=row.merchant_id,
            clock=row,
            policy_version_id=row.policy_version_id,
            step=number,
            basis=step.basis,
            value=step.value,
            role=step.role,
            store=store,
            state="told",
            told_at=now,
        )
    )
    found.facts.append(
        Escalated(
            clock_id=row.id,
            subject=row.subject,
            term=row.term,
            policy=policy,
            step=number,
            role=step.role,
            store=store,
            due_at=row.due_at,
            tags=dict(row.tags),
        )
    )


def _broke(row: Clock) -> audit.Change:
    assert row.due_at is not None
    return audit.Change(
        action="clocks.break",
        subject="clock",
        subject_id=row.id,
        reason=row.term,
        after={"due_at": row.due_at.isoformat()},
    )
