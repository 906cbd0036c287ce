"""Whether somebody can come: work, buffers and the way on both sides have to fit in.

A technician leaves home when the first shift of the day begins. A visit fits where the end of
the one before and the way from it come no later than its own beginning, and its end and the way
from it no later than the beginning of the next. Beginnings and ends include the buffers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.travel import Matrix, great_circle_minutes


class Work(NamedTuple):
    """How long a visit takes, with the time that it blocks before and after."""

    before: int
    minutes: int
    after: int

    @property
    def total(self) -> int:
        return self.before + self.minutes + self.after


class Stop(NamedTuple):
    """A visit that somebody has already: its time with buffers, and where."""

    busy: Span
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Somebody's day: shifts and stops in order, the home that it begins at, how fast they are."""

    home: Point
    shifts: tuple[Span, ...]
    stops: tuple[Stop, ...]
    speed: Speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A way to come: when the work begins, the time that it blocks, and how much way it adds."""

    start: int
    busy: Span
    added_minutes: int


def fits(
    *, day: Day, window: Span, work: Work, point: Point, matrix: Matrix = great_circle_minutes
) -> list[Fit]:
    """Every place in the day where a visit fits so that its work begins within the window."""
    if not day.shifts:
        return []
    places = [day.home, *(stop.point for stop in day.stops)]
    there = [row[0] for row in matrix(places, [point], day.speed)]
    back = matrix([point], places, day.speed)[0]
    found: list[Fit] = []
    for position, (earliest, next_stop) in enumerate(_gaps(day)):
        latest_end = None if next_stop is None else next_stop.busy.start - back[position + 1]
        busy = _first(
            day.shifts,
            earliest=max(earliest + there[position], window.start - work.before),
            latest=window.end - work.before,
            latest_end=latest_end,
            minutes=work.total,
        )
        if busy is None:
            continue
        added = there[position]
        if next_stop is not None:
            direct = matrix([places[position]], [next_stop.point], day.speed)[0][0]
            added += back[position + 1] - direct
        found.append(Fit(start=busy.start + work.before, busy=busy, added_minutes=added))
    return found


def best_fit(
    *, day: Day, window: Span, work: Work, point: Point, matrix: Matrix = great_circle_minutes
) -> Fit | None:
    """The fit that adds the least way, and of those the earliest; none if there is none."""
    found = fits(day=day, window=window, work=work, point=point, matrix=matrix)
    return min(found, key=lambda fit: (fit.added_minutes, fit.start), default=None)


def windows_of(*, day: Span, minutes: int, not_before: int) -> list[Span]:
    """The windows into which a local day is cut, but for those that begin too soon."""
    return [
        Span(start, min(start + minutes, day.end))
        for start in range(day.start, day.end, minutes)
        if start >= not_before
    ]


def way_minutes(*, day: Day, matrix: Matrix = great_circle_minutes) -> int:
    """All the way of a day: from home to the first stop, and from each to the next."""
    places = [day.home, *(stop.point for stop in day.stops)]
    return sum(matrix([one], [other], day.speed)[0][0] for one, other in pairwise(places))


def _gaps(day: Day) -> Iterator[tuple[int, Stop | None]]:
    """Where a visit could be put in: from when on somebody is free, and what comes next."""
    free = day.shifts[0].start
    for stop in day.stops:
        yield free, stop
        free = max(free, stop.busy.end)
    yield free, None


def _first(
    shifts: Sequence[Span], *, earliest: int, latest: int, latest_end: int | None, minutes: int
) -> Span | None:
    """The first time that lies in one shift, begins within bounds, and ends before the next."""
    for shift in shifts:
        start = max(earliest, shift.start)
        end = start + minutes
        if start > latest:
            return None
        if end <= shift.end and (latest_end is None or end <= latest_end):
            return Span(start, end)
    return None
