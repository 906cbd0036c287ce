"""Something happened to a clock: its event, its row, its trail, its facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.clocks import contracts
from santong.clocks.models import CalendarVersion, Clock, ClockEvent, Escalation
from santong.clocks.rules.history import history_of
from santong.clocks.rules.working_time import seconds_of
from santong.clocks.selectors.standing import books, events_of
from santong.clocks.services.settle import settle, steps_told
from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch

LIVE = ("running", "paused")
NOTHING_LEFT = "the clock has ended"


def lock_clock(*, merchant_id: int, subject: str, term: str) -> Clock:
    """Lock a clock and give its row as it is now. Raises NoSuch, Busy."""
    rows = Clock.objects.of_merchant(merchant_id).filter(subject=subject, term=term)
    row = rows.select_related("policy_version__policy").lock().first()
    if row is None:
        raise NoSuch(kind="clock", key=f"{subject}/{term}"[:120])
    return row


def record(row: Clock, *new: ClockEvent, now: datetime) -> contracts.Clock:
    """Let events happen to a locked clock. What changes nothing is not recorded.

    What is said to happen later than now happens now. A clock that has ended stays as it is.
    Emits what follows: ClockMended, ClockBroken, ClockStopped.
    """
    merchant_id = row.merchant_id
    known = events_of(merchant_id=merchant_id, clock_ids=[row.id])[row.id]
    happened = [event.as_event() for event in known]
    taken: list[ClockEvent] = []
    for event in _after_calendar(row, new):
        event.at = min(event.at, now)
        if row.state in LIVE and _changes_something(happened, event.as_event(), now=now):
            event.number = row.events = row.events + 1
            taken.append(event)
            happened.append(event.as_event())
    if not taken:
        return row.as_contract()
    before = _said(row)
    told = steps_told(merchant_id=merchant_id, clock_ids=[row.id])[row.id]
    found = books(merchant_id=merchant_id, events=happened)
    policy = history_of(happened, until=seconds_of(now)).policy
    facts = settle(row, happened, books=found, told=told.get(policy, set()), now=now)
    ClockEvent.objects.bulk_create(taken)
    row.save()
    _end_escalations(row, now=now)
    _leave_trail(row, taken, before=before, now=now)
    outbox.publish(*facts, now=now)
    return _as_contract(row)


def event(
    row: Clock,
    *,
    kind: contracts.EventKind,
    at: datetime,
    now: datetime,
    reason: str = "",
    policy_version_id: int | None = None,
    calendar_version_id: int | None = None,
    due_at: datetime | None = None,
) -> ClockEvent:
    """An event of a clock that was not recorded yet."""
    return ClockEvent(
        merchant_id=row.merchant_id,
        clock_id=row.id,
        kind=kind,
        at=at,
        recorded_at=now,
        reason=reason,
        policy_version_id=policy_version_id,
        calendar_version_id=calendar_version_id,
        due_at=due_at,
    )


def _after_calendar(row: Clock, new: Sequence[ClockEvent]) -> list[ClockEvent]:
    """That the clock's calendar has changed since comes first."""
    if row.calendar_version_id is None or not new:
        return list(new)
    versions = CalendarVersion.objects.of_merchant(row.merchant_id)
    held = versions.filter(id=row.calendar_version_id).values_list("calendar_id")
    newest = versions.filter(calendar__in=held).order_by("-version").first()
    assert newest is not None
    if newest.id == row.calendar_version_id:
        return list(new)
    followed = event(
        row,
        kind="calendar_change",
        at=newest.holds_from,
        now=new[0].recorded_at,
        calendar_version_id=newest.id,
    )
    return [followed, *new]


def _changes_something(
    happened: Sequence[contracts.Event], event: contracts.Event, *, now: datetime
) -> bool:
    until = seconds_of(now)
    return history_of([*happened, event], until=until) != history_of(happened, until=until)


def _end_escalations(row: Clock, *, now: datetime) -> None:
    """Nobody has to see to a clock that has ended."""
    if row.state in LIVE:
        return
    Escalation.objects.of_merchant(row.merchant_id).filter(
        clock=row.id, state__in=("told", "seen")
    ).update(state="over", ended_at=now, note=NOTHING_LEFT)


def _leave_trail(
    row: Clock, taken: Sequence[ClockEvent], *, before: dict[str, str | None], now: datetime
) -> None:
    audit.record(
        *[
            audit.Change(
                action=f"clocks.{each.kind}",
                subject="clock",
                subject_id=row.id,
                reason=each.reason,
                before=before,
                after=_said(row),
            )
            for each in taken
        ],
        now=now,
    )


def _said(row: Clock) -> dict[str, str | None]:
    return {
        "state": row.state,
        "due_at": None if row.due_at is None else row.due_at.isoformat(),
    }


def _as_contract(row: Clock) -> contracts.Clock:
    rows = Clock.objects.of_merchant(row.merchant_id).select_related("policy_version__policy")
    return rows.get(id=row.id).as_contract()
