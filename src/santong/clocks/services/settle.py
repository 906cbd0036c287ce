"""A clock's row says what its events say; who hears of it is told what has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from santong.clocks import contracts, events
from santong.clocks.models import Clock, Escalation
from santong.clocks.rules.working_time import instant_of, seconds_of
from santong.clocks.selectors.standing import Books

_LIVE = ("running", "paused")


def settle(
    row: Clock,
    happened: Sequence[contracts.Event],
    *,
    books: Books,
    told: Collection[int],
    now: datetime,
) -> list[object]:
    """Let a locked clock's row say what its events say; give the facts that follow.

    `told` are the steps of its policy that were told. The row is not saved.
    """
    at = seconds_of(now)
    stands = books.evaluation(happened, now=at)
    was = row.state
    _copy(row, stands)
    policy = "" if stands.policy is None else books.policies[stands.policy].code
    facts = list(_changes(row, stands, was=was, policy=policy, now=now))
    row.next_at = None
    if row.state == "running":
        ahead = books.milestones(happened, now=at).next_at(
            is_warned=row.warned_at is not None,
            is_broken=row.broken_at is not None,
            told=frozenset(told),
        )
        row.next_at = None if ahead is None else instant_of(ahead)
    return facts


def steps_told(
    *, merchant_id: int, clock_ids: Collection[int]
) -> dict[int, dict[int | None, set[int]]]:
    """Steps that were told, by clock and version of a policy."""
    found: dict[int, dict[int | None, set[int]]] = {clock_id: {} for clock_id in clock_ids}
    rows = Escalation.objects.of_merchant(merchant_id).filter(clock__in=clock_ids)
    for clock_id, version_id, step in rows.values_list("clock_id", "policy_version_id", "step"):
        found[clock_id].setdefault(version_id, set()).add(step)
    return found


def warned(row: Clock, *, policy: str) -> events.ClockWarned:
    return events.ClockWarned(
        clock_id=row.id,
        subject=row.subject,
        term=row.term,
        policy=policy,
        due_at=row.due_at,
        tags=dict(row.tags),
    )


def broken(row: Clock, *, policy: str) -> events.ClockBroken:
    assert row.due_at is not None
    assert row.broken_at is not None
    return events.ClockBroken(
        clock_id=row.id,
        subject=row.subject,
        term=row.term,
        policy=policy,
        due_at=row.due_at,
        broken_at=row.broken_at,
        tags=dict(row.tags),
    )


def _copy(row: Clock, stands: contracts.Evaluation) -> None:
    row.state = stands.state
    row.policy_version_id = stands.policy
    row.calendar_version_id = stands.calendar
    row.target_seconds = stands.target_seconds
    row.elapsed_seconds = stands.elapsed_seconds
    row.due_at = None if stands.due_at is None else instant_of(stands.due_at)
    row.warn_at = None if stands.warn_at is None else instant_of(stands.warn_at)
    row.ended_at = None if stands.ended_at is None else instant_of(stands.ended_at)
    row.is_kept = not stands.is_late if stands.state == "stopped" else None
    row.unknown_year = min(stands.unknown_years, default=None)


def _changes(
    row: Clock, stands: contracts.Evaluation, *, was: str, policy: str, now: datetime
) -> Iterator[object]:
    """Facts that follow, in their order; the row takes note of what they say."""
    if row.broken_at is not None and not stands.is_late and row.state != "cancelled":
        row.broken_at = None
        yield events.ClockMended(
            clock_id=row.id,
            subject=row.subject,
            term=row.term,
            policy=policy,
            due_at=row.due_at,
            tags=dict(row.tags),
        )
    if row.warned_at is not None and (row.warn_at is None or row.warn_at > now):
        row.warned_at = None
    if was not in _LIVE or row.state != "stopped":
        return
    if stands.is_late and row.broken_at is None:
        row.broken_at = now
        yield broken(row, policy=policy)
    assert row.ended_at is not None
    yield events.ClockStopped(
        clock_id=row.id,
        subject=row.subject,
        term=row.term,
        policy=policy,
        kept=not stands.is_late,
        due_at=row.due_at,
        stopped_at=row.ended_at,
        elapsed_seconds=row.elapsed_seconds,
        target_seconds=row.target_seconds,
        tags=dict(row.tags),
    )
