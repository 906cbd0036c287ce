"""When somebody is told of a clock: facts when they are so, people within working time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from santong.clocks.contracts import Promise, Step
from santong.clocks.rules.evaluate import WHOLE, when_share
from santong.clocks.rules.history import Calendars, History
from santong.clocks.rules.working_time import WorkingTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """What lies before a clock that runs; None for what does not come while it rests.

    It is broken once `due_at` has passed.
    """

    warn_at: int | None
    due_at: int | None
    tell_at: tuple[int | None, ...]

    def next_at(self, *, is_warned: bool, is_broken: bool, told: frozenset[int]) -> int | None:
        """When the clock has to be looked at again."""
        return min(self._ahead(is_warned=is_warned, is_broken=is_broken, told=told), default=None)

    def _ahead(self, *, is_warned: bool, is_broken: bool, told: frozenset[int]) -> Iterator[int]:
        if self.warn_at is not None and not is_warned:
            yield self.warn_at
        if self.due_at is not None and not is_broken:
            yield self.due_at + 1
        for number, at in enumerate(self.tell_at):
            if at is not None and number not in told:
                yield at


def milestones(
    history: History, promise: Promise | None, calendars: Calendars, *, tell: WorkingTime | None
) -> Milestones:
    """What lies before a clock as it stands. `tell` is when people are told; None: at any time."""
    due_at = when_share(history, promise, calendars, percent=WHOLE)
    warn_at = None
    if promise is not None and promise.warn_percent:
        warn_at = when_share(history, promise, calendars, percent=promise.warn_percent)
    steps = () if promise is None else promise.steps
    said = [(step, _said_at(step, history, promise, calendars, due_at)) for step in steps]
    return Milestones(
        warn_at=warn_at,
        due_at=due_at,
        tell_at=tuple(
            at if at is None or tell is None or step.is_at_once else tell.open_from(at)
            for step, at in said
        ),
    )


def _said_at(
    step: Step,
    history: History,
    promise: Promise | None,
    calendars: Calendars,
    due_at: int | None,
) -> int | None:
    if step.basis == "share":
        return when_share(history, promise, calendars, percent=step.value)
    return None if due_at is None else due_at + 1 + step.value
