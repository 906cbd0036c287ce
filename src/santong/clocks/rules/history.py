"""What happened to a clock, put in order: when it ran and rested, and what it promises now.

Whatever order events are told in, they are taken by the instant at which they happened, and by the
order in which they were recorded where that is the same. What is said to have happened before the
clock was started happened as it was started. A second start, a pause of a clock that rests, a
going on of one that runs, and everything after it has ended are without effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from santong.clocks.contracts import ClockState, Event, Promise
from santong.clocks.rules.working_time import WorkingTime

Calendars = Mapping[int, WorkingTime]
Policies = Mapping[int, Promise]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time between two events in which a clock ran, or rested, by one calendar."""

    begins: int
    ends: int | None
    is_running: bool
    calendar: int | None


@dataclass(frozen=True, slots=True)
class FixedDue:
    """Due at an instant, said at another; resting after that puts it off."""

    due_at: int
    said_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A clock's past as stretches without gaps, the last of which is open.

    A clock that has ended goes on in its last stretch: its due time does not depend on its end.
    """

    state: ClockState
    started_at: int
    ended_at: int | None
    stretches: tuple[Stretch, ...]
    policy: int | None
    calendar: int | None
    fixed: FixedDue | None


def in_order(events: Sequence[Event], *, until: int) -> list[Event]:
    """Events that count, in the order in which they count; the start first.

    What happens after `until` is not known yet, but for the start. Raises ValueError without one.
    """
    start = next((event for event in events if event.kind == "start"), None)
    if start is None:
        raise ValueError("a clock begins with its start")
    rest = [event for event in events if event.kind != "start" and event.at <= until]
    return [start, *sorted(rest, key=lambda event: max(event.at, start.at))]


def history_of(events: Sequence[Event], *, until: int) -> History:
    """What has happened to a clock up to an instant. Raises ValueError without a start."""
    start, *rest = in_order(events, until=until)
    teller = _Teller(start)
    for event in rest:
        teller.take(event)
        if teller.ended_at is not None:
            break
    return teller.told()


class _Teller:
    """Takes events one by one, in order."""

    def __init__(self, start: Event) -> None:
        self.started_at = self._since = start.at
        self.ended_at: int | None = None
        self._state: ClockState = "running"
        self._is_running = True
        self._policy = start.policy
        self._calendar = start.calendar
        self._fixed = None if start.due_at is None else FixedDue(start.due_at, start.at)
        self._stretches: list[Stretch] = []

    def take(self, event: Event) -> None:
        at = max(event.at, self.started_at)
        match event.kind:
            case "pause" | "resume":
                self._run(at, is_running=event.kind == "resume")
            case "calendar_change":
                self._cut(at)
                self._calendar = event.calendar
            case "policy_change":
                self._cut(at)
                self._policy, self._fixed = event.policy, None
                self._calendar = event.calendar
            case "due_change":
                assert event.due_at is not None
                self._fixed = FixedDue(event.due_at, at)
            case "stop" | "cancel":
                self.ended_at = at
                self._state = "stopped" if event.kind == "stop" else "cancelled"
            case "start":
                pass

    def told(self) -> History:
        last = Stretch(self._since, None, self._is_running, self._calendar)
        return History(
            state=self._state,
            started_at=self.started_at,
            ended_at=self.ended_at,
            stretches=(*self._stretches, last),
            policy=self._policy,
            calendar=self._calendar,
            fixed=self._fixed,
        )

    def _run(self, at: int, *, is_running: bool) -> None:
        if is_running == self._is_running:
            return
        self._cut(at)
        self._is_running = is_running
        self._state = "running" if is_running else "paused"

    def _cut(self, at: int) -> None:
        if at > self._since:
            self._stretches.append(Stretch(self._since, at, self._is_running, self._calendar))
        self._since = at
