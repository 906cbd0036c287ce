"""Whether a day can be kept, said without the product: by distances and rules of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from _dayplan_days import WorkingDay

RADIUS = 6_371_008.0


@dataclass(frozen=True)
class Made:
    """A visit as somebody makes it: whose, from when to when."""

    visit_id: int
    technician_id: int
    begins: int
    ends: int


def way(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Minutes: 40 % longer than the way of the crow, 400 metres a minute, and six for the start."""
    apart = _central_angle(one, other) * RADIUS
    metres = round(apart)
    return math.ceil(metres * 140 / 100 / 400) + 6 if metres else 0


def faults(*, day: WorkingDay, made: Sequence[Made]) -> list[str]:
    """Every rule that a day breaks, in sentences."""
    visits = {each.visit_id: each for each in day.visits}
    people = {each.technician_id: each for each in day.people}
    found = []
    if len({each.visit_id for each in made}) != len(made):
        found.append("a visit is made twice")
    for each in made:
        visit, person = visits[each.visit_id], people[each.technician_id]
        begins = each.begins + visit.work[0]
        kept = {
            "is as long as its work": each.ends - each.begins == sum(visit.work),
            "begins within its window": visit.window[0] <= begins <= visit.window[1],
            "asks for a skill that is there": visit.skills.issubset(person.skills),
            "lies in the territory": each.visit_id in person.covered,
            "lies within the hours": any(
                first <= each.begins and each.ends <= last for first, last in person.day.shifts
            ),
        }
        found += [
            f"not so: {each.visit_id} {rule}" for rule, is_kept in kept.items() if not is_kept
        ]
    for technician_id, route in _routes(made).items():
        free, where = people[technician_id].day.shifts[0][0], people[technician_id].day.home
        for each in route:
            there = visits[each.visit_id].point
            if free + way(where, there) > each.begins:
                found.append(f"{technician_id} cannot be at {each.visit_id} in time")
            free, where = each.ends, there
    return found


def minutes_on_the_way(*, day: WorkingDay, made: Sequence[Made]) -> int:
    """All ways of a day, from home to the last visit of each."""
    points = {each.visit_id: each.point for each in day.visits}
    homes = {each.technician_id: each.day.home for each in day.people}
    total = 0
    for technician_id, route in _routes(made).items():
        where = homes[technician_id]
        for each in route:
            total += way(where, points[each.visit_id])
            where = points[each.visit_id]
    return total


def _routes(made: Sequence[Made]) -> Mapping[int, list[Made]]:
    routes: dict[int, list[Made]] = {}
    for each in sorted(made, key=lambda one: one.begins):
        routes.setdefault(each.technician_id, []).append(each)
    return routes


def _central_angle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """By unit vectors, where the product takes the haversine."""
    first, second = _vector(one), _vector(other)
    crossed = (
        first[1] * second[2] - first[2] * second[1],
        first[2] * second[0] - first[0] * second[2],
        first[0] * second[1] - first[1] * second[0],
    )
    return math.atan2(math.hypot(*crossed), sum(a * b for a, b in zip(first, second, strict=True)))


def _vector(point: tuple[float, float]) -> tuple[float, float, float]:
    north, east = math.radians(point[0]), math.radians(point[1])
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )
