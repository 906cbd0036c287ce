"""How a clock stands: what it has counted, when it is due, whether that is past.

Time is counted by the calendar that held while it ran. All of it counts towards the policy that
holds now, so another policy takes nothing away of what has passed or rested. A due time that was
said as an instant is put off by as long as the clock rests before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from santong.clocks.contracts import Evaluation, Event, Promise
from santong.clocks.rules.history import Calendars, History, Policies, Stretch, history_of

WHOLE: Final = 100


def evaluate(
    events: Sequence[Event], policies: Policies, calendars: Calendars, now: int
) -> Evaluation:
    """How a clock stands at an instant by what had happened until then.

    Raises ValueError for events without a start.
    """
    history = history_of(events, until=now)
    promise = None if history.policy is None else policies[history.policy]
    until = now if history.ended_at is None else history.ended_at
    due_at = when_share(history, promise, calendars, percent=WHOLE)
    return Evaluation(
        state=history.state,
        elapsed_seconds=elapsed(history, calendars, until=until),
        paused_seconds=rested(history, until=until),
        target_seconds=target(history, promise, calendars, due_at=due_at),
        due_at=due_at,
        warn_at=_warn_at(history, promise, calendars),
        started_at=history.started_at,
        ended_at=history.ended_at,
        is_late=history.state != "cancelled" and due_at is not None and until > due_at,
        policy=history.policy,
        calendar=history.calendar,
        unknown_years=_unknown_years(history, calendars, until=max(until, due_at or until)),
    )


def elapsed(history: History, calendars: Calendars, *, until: int) -> int:
    """What a clock has counted by an instant."""
    return sum(
        _worked(stretch, calendars, stretch.begins, min(until, _end(stretch, until)))
        for stretch in history.stretches
        if stretch.is_running
    )


def rested(history: History, *, until: int) -> int:
    """How long a clock has rested by an instant, by day and night."""
    return sum(
        max(0, min(until, _end(stretch, until)) - stretch.begins)
        for stretch in history.stretches
        if not stretch.is_running
    )


def target(
    history: History, promise: Promise | None, calendars: Calendars, *, due_at: int | None
) -> int:
    """What the clock will have counted when it is due."""
    if history.fixed is None:
        assert promise is not None
        return promise.target_seconds
    # While it rests, as if it had gone on when its due time was said.
    return elapsed(history, calendars, until=history.fixed.due_at if due_at is None else due_at)


def when_share(
    history: History, promise: Promise | None, calendars: Calendars, *, percent: int
) -> int | None:
    """The first instant by which a share of the time has been counted; None if it rests before."""
    fixed = history.fixed
    if fixed is None:
        assert promise is not None
        return _when(history, calendars, wanted=promise.target_seconds * percent // WHOLE)
    if fixed.due_at <= fixed.said_at:
        return fixed.due_at
    wanted = (fixed.due_at - fixed.said_at) * percent // WHOLE
    return _when_awake(history, since=fixed.said_at, wanted=wanted)


def _when(history: History, calendars: Calendars, *, wanted: int) -> int | None:
    for stretch in _running(history):
        if stretch.ends is not None:
            counted = _worked(stretch, calendars, stretch.begins, stretch.ends)
            if counted < wanted:
                wanted -= counted
                continue
        if stretch.calendar is None:
            return stretch.begins + wanted
        return calendars[stretch.calendar].when(stretch.begins, wanted)
    return None


def _when_awake(history: History, *, since: int, wanted: int) -> int | None:
    for stretch in _running(history):
        begins = max(since, stretch.begins)
        if stretch.ends is not None:
            ran = max(0, stretch.ends - begins)
            if ran < wanted:
                wanted -= ran
                continue
        return begins + wanted
    return None


def _warn_at(history: History, promise: Promise | None, calendars: Calendars) -> int | None:
    if promise is None or not promise.warn_percent:
        return None
    return when_share(history, promise, calendars, percent=promise.warn_percent)


def _unknown_years(history: History, calendars: Calendars, *, until: int) -> tuple[int, ...]:
    last = history.stretches[-1]
    if last.calendar is None:
        return ()
    return calendars[last.calendar].unknown_years(last.begins, max(until, last.begins))


def _running(history: History) -> Iterator[Stretch]:
    return (stretch for stretch in history.stretches if stretch.is_running)


def _worked(stretch: Stretch, calendars: Calendars, begins: int, ends: int) -> int:
    if stretch.calendar is None:
        return max(0, ends - begins)
    return calendars[stretch.calendar].worked(begins, ends)


def _end(stretch: Stretch, until: int) -> int:
    return until if stretch.ends is None else stretch.ends
