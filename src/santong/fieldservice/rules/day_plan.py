"""One provider's day, routed at once by VROOM; what comes out is judged by our own rules.

Every promised window is a hard bound, and so are skills, territories, hours and breaks.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise
from typing import Any, Final

from santong.fieldservice.contracts import Point
from santong.fieldservice.rules.availability import Day, Stop, Work, way_minutes
from santong.fieldservice.rules.calendar import without
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.travel import Matrix, great_circle_minutes

# It ships no types.
vroom: Any = import_module("vroom")

# How hard the library looks: five times as long finds a percent more.
EXPLORATION: Final = 2
PROFILE: Final = "car"

# What all ways of a day may cost at most: the library counts in 32 bits.
_MOST_COST: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVisit:
    """A visit that somebody has to make: where, within which window of arrival, by whom."""

    visit_id: int
    point: Point
    window: Span
    work: Work
    skills: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPerson:
    """Somebody who can make visits, on an empty day; `covered` lie in their territory."""

    technician_id: int
    skills: frozenset[str]
    covered: frozenset[int]
    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """A visit in a route, with the time that it blocks."""

    visit_id: int
    busy: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Who makes which visits, in order; and those that nobody can make."""

    stops: Mapping[int, tuple[PlannedStop, ...]]
    left_out: tuple[int, ...]


def plan_day(
    *,
    visits: Sequence[PlanVisit],
    people: Sequence[PlanPerson],
    matrix: Matrix = great_circle_minutes,
    exploration: int = EXPLORATION,
) -> Routes:
    """As many visits as possible, with as little way. The same input gives the same routes."""
    able = [each for each in people if each.day.shifts]
    if not visits or not able:
        return Routes(stops={}, left_out=tuple(each.visit_id for each in visits))
    shared = _shared_breaks(able)
    problem = vroom.Input()
    points = [*(each.day.home for each in able), *(each.point for each in visits)]
    minutes = _matrix(points, able, matrix)
    problem.set_durations_matrix(PROFILE, minutes)
    problem.set_costs_matrix(PROFILE, _costs(minutes))
    number_by_word = _numbers(visits)
    for place, person in enumerate(able):
        problem.add_vehicle(_vehicle(place, person, visits, number_by_word, shared))
    for place, visit in enumerate(visits):
        job = _job(place, len(able) + place, visit, number_by_word, shared)
        if job is not None:
            problem.add_job(job)
    solved = problem.solve(exploration_level=exploration, nb_threads=1).to_dict()
    return _routes(solved, visits, able)


def faults_of(
    *,
    routes: Routes,
    visits: Sequence[PlanVisit],
    people: Sequence[PlanPerson],
    matrix: Matrix = great_circle_minutes,
) -> list[str]:
    """What is wrong with routes, in sentences; nothing, if they can be kept."""
    visit_by_id = {each.visit_id: each for each in visits}
    person_by_id = {each.technician_id: each for each in people}
    made = [stop.visit_id for stops in routes.stops.values() for stop in stops]
    found = [] if sorted([*made, *routes.left_out]) == sorted(visit_by_id) else ["not each once"]
    for technician_id, stops in routes.stops.items():
        person = person_by_id[technician_id]
        found += [
            f"visit {stop.visit_id}: {fault}"
            for stop in stops
            for fault in _faults_of_stop(stop, visit_by_id[stop.visit_id], person)
        ]
        found += _faults_of_way(stops, visit_by_id, person, matrix)
    return found


def way_of(
    *,
    routes: Routes,
    visits: Sequence[PlanVisit],
    people: Sequence[PlanPerson],
    matrix: Matrix = great_circle_minutes,
) -> int:
    """The minutes on the way of all routes."""
    point_by_id = {each.visit_id: each.point for each in visits}
    return sum(
        way_minutes(
            day=replace(
                person.day,
                stops=tuple(
                    Stop(stop.busy, point_by_id[stop.visit_id])
                    for stop in routes.stops.get(person.technician_id, ())
                ),
            ),
            matrix=matrix,
        )
        for person in people
    )


def _faults_of_stop(stop: PlannedStop, visit: PlanVisit, person: PlanPerson) -> Iterable[str]:
    if not visit.skills <= person.skills:
        yield "a skill is missing"
    if visit.visit_id not in person.covered:
        yield "outside the territory"
    if stop.busy.end - stop.busy.start != visit.work.total:
        yield "not as long as the work takes"
    if not visit.window.start <= stop.busy.start + visit.work.before <= visit.window.end:
        yield "outside the promised window"
    if not any(shift.holds(stop.busy) for shift in person.day.shifts):
        yield "outside the hours"


def _faults_of_way(
    stops: Sequence[PlannedStop],
    visit_by_id: Mapping[int, PlanVisit],
    person: PlanPerson,
    matrix: Matrix,
) -> Iterable[str]:
    free, where = (person.day.shifts[0].start if person.day.shifts else 0), person.day.home
    for stop in stops:
        point = visit_by_id[stop.visit_id].point
        if free + matrix([where], [point], person.day.speed)[0][0] > stop.busy.start:
            yield f"visit {stop.visit_id}: no time for the way"
        free, where = stop.busy.end, point


def _matrix(
    points: Sequence[Point], people: Sequence[PlanPerson], matrix: Matrix
) -> list[list[int]]:
    """People of one provider get about alike."""
    return matrix(points, points, people[0].day.speed)


def _costs(minutes: Sequence[Sequence[int]]) -> list[list[int]]:
    """What each way costs: the day with less way costs less, and hardly two days cost the same.

    Among days that are equally good the library takes any, now this one and now that. So each way
    costs a little more of its own, and all of a day's little is less than a minute's cost, which is
    as high as so many ways of this length allow.
    """
    longest = max(max(row) for row in minutes) + 1
    minute = max(1, _MOST_COST // (longest * len(minutes)))
    little = max(1, minute // (2 * len(minutes)))
    return [
        [
            each * minute + zlib.crc32(f"{start}-{end}".encode()) % little
            for end, each in enumerate(row)
        ]
        for start, row in enumerate(minutes)
    ]


def _breaks(person: PlanPerson) -> tuple[Span, ...]:
    return tuple(Span(one.end, other.start) for one, other in pairwise(person.day.shifts))


def _shared_breaks(people: Sequence[PlanPerson]) -> frozenset[Span]:
    """Breaks that everybody has: no work lies in them, and one may be on the way."""
    first, *others = (frozenset(_breaks(each)) for each in people)
    return first.intersection(*others)


def _numbers(visits: Sequence[PlanVisit]) -> dict[str, int]:
    """Skills by number; behind them each visit has one of its own, which its territory gives."""
    words = sorted(frozenset[str]().union(*(each.skills for each in visits)))
    return {word: number + 1 for number, word in enumerate(words)}


def _vehicle(
    place: int,
    person: PlanPerson,
    visits: Sequence[PlanVisit],
    number_by_word: Mapping[str, int],
    shared: frozenset[Span],
) -> Any:
    shifts = person.day.shifts
    known = {number_by_word[word] for word in person.skills if word in number_by_word}
    known |= {
        len(number_by_word) + 1 + number
        for number, visit in enumerate(visits)
        if visit.visit_id in person.covered
    }
    return vroom.Vehicle(
        place,
        start=place,
        skills=known,
        time_window=vroom.TimeWindow(shifts[0].start, shifts[-1].end),
        breaks=[
            vroom.Break(
                number,
                time_windows=[vroom.TimeWindow(each.start, each.start)],
                service=each.end - each.start,
            )
            for number, each in enumerate(_breaks(person))
            if each not in shared
        ],
    )


def _job(
    place: int,
    location: int,
    visit: PlanVisit,
    number_by_word: Mapping[str, int],
    shared: frozenset[Span],
) -> Any | None:
    """A visit, which may begin at any minute of its window that keeps out of shared breaks."""
    begins = Span(visit.window.start - visit.work.before, visit.window.end - visit.work.before + 1)
    forbidden = [Span(each.start - visit.work.total + 1, each.end) for each in shared]
    windows = without([begins], forbidden)
    if not windows:
        return None
    return vroom.Job(
        place,
        location,
        default_service=visit.work.total,
        skills={number_by_word[word] for word in visit.skills} | {len(number_by_word) + 1 + place},
        time_windows=[vroom.TimeWindow(each.start, each.end - 1) for each in windows],
    )


def _routes(
    solved: Mapping[str, Any], visits: Sequence[PlanVisit], people: Sequence[PlanPerson]
) -> Routes:
    stops: dict[int, tuple[PlannedStop, ...]] = {}
    for route in solved["routes"]:
        person = people[int(route["vehicle"])]
        done = [(step, visits[int(step["id"])]) for step in route["steps"] if _is_job(step)]
        stops[person.technician_id] = tuple(
            PlannedStop(visit_id=visit.visit_id, busy=_busy(step, visit)) for step, visit in done
        )
    made = {stop.visit_id for each in stops.values() for stop in each}
    left_out = tuple(each.visit_id for each in visits if each.visit_id not in made)
    return Routes(stops=stops, left_out=left_out)


def _is_job(step: Mapping[str, Any]) -> bool:
    """Starts, ends and breaks are no visits."""
    return bool(step["type"] == "job")


def _busy(step: Mapping[str, Any], visit: PlanVisit) -> Span:
    start = step["arrival"] + step["waiting_time"]
    return Span(start, start + visit.work.total)
