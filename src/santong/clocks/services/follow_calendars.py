"""Clocks that run go by their calendars as these are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from santong.clocks.models import CalendarVersion, Clock, ClockEvent
from santong.clocks.selectors.standing import books, events_of
from santong.clocks.services.record import LIVE, event
from santong.clocks.services.settle import settle, steps_told
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing

_FOLLOWED = [
    "calendar_version",
    "due_at",
    "warn_at",
    "next_at",
    "warned_at",
    "broken_at",
    "target_seconds",
    "elapsed_seconds",
    "unknown_year",
    "events",
]


@all_or_nothing
def follow_calendars(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Let live clocks whose calendar has changed be due by it, `limit` at most; say how many.

    What they have counted until the change stays. Clocks that somebody else is busy with are left
    for the next time. Emits ClockMended where one is not late after all. Locks the clocks.
    """
    newest = _newest_by_version(merchant_id)
    if not newest:
        return 0
    stale = Clock.objects.of_merchant(merchant_id).filter(
        state__in=LIVE, calendar_version__in=list(newest)
    )
    rows = list(
        stale.order_by("id").select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]
    )
    if rows:
        _follow(rows, newest, now=now)
    return len(rows)


def _newest_by_version(merchant_id: int) -> dict[int, CalendarVersion]:
    """Versions that hold no more, with the one that holds now."""
    rows = CalendarVersion.objects.of_merchant(merchant_id)
    newest = rows.filter(calendar=OuterRef("calendar")).order_by("-version")
    old = rows.annotate(newest_id=Subquery(newest.values("id")[:1])).exclude(id=F("newest_id"))
    ids = dict(old.values_list("id", "newest_id"))
    held = rows.in_bulk(set(ids.values()))
    return {version_id: held[newest_id] for version_id, newest_id in ids.items()}


def _follow(rows: Sequence[Clock], newest: dict[int, CalendarVersion], *, now: datetime) -> None:
    merchant_id, ids = rows[0].merchant_id, [row.id for row in rows]
    recorded = events_of(merchant_id=merchant_id, clock_ids=ids)
    taken = [_change(row, newest, now=now) for row in rows]
    happened = {
        row.id: [*(known.as_event() for known in recorded[row.id]), change.as_event()]
        for row, change in zip(rows, taken, strict=True)
    }
    found = books(merchant_id=merchant_id, events=[each for of in happened.values() for each in of])
    told = steps_told(merchant_id=merchant_id, clock_ids=ids)
    facts = [
        fact
        for row in rows
        for fact in settle(
            row,
            happened[row.id],
            books=found,
            told=told[row.id].get(row.policy_version_id, set()),
            now=now,
        )
    ]
    ClockEvent.objects.bulk_create(taken)
    Clock.objects.bulk_update(rows, _FOLLOWED)
    audit.record(*[_trail(row) for row in rows], now=now)
    outbox.publish(*facts, now=now)


def _change(row: Clock, newest: dict[int, CalendarVersion], *, now: datetime) -> ClockEvent:
    assert row.calendar_version_id is not None
    version = newest[row.calendar_version_id]
    row.events += 1
    change = event(
        row, kind="calendar_change", at=version.holds_from, now=now, calendar_version_id=version.id
    )
    change.number = row.events
    return change


def _trail(row: Clock) -> audit.Change:
    return audit.Change(
        action="clocks.calendar_change",
        subject="clock",
        subject_id=row.id,
        reason="the calendar has changed",
        after={"due_at": None if row.due_at is None else row.due_at.isoformat()},
    )
