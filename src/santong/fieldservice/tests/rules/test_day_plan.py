"""A day that is routed at once keeps what was promised."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.availability import Day, Work
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.day_plan import (
    PlannedStop,
    PlanPerson,
    PlanVisit,
    Routes,
    faults_of,
    plan_day,
    way_of,
)

HOME, NEAR, FAR = Point(30.25, 120.15), Point(30.26, 120.15), Point(30.45, 120.15)
MORNING, AFTERNOON = Span(480, 720), Span(780, 1080)
WHOLE = Span(480, 1_000)
WORK = Work(before=5, minutes=60, after=10)


def visit(number: int, *, point: Point = NEAR, window: Span = WHOLE) -> PlanVisit:
    return PlanVisit(
        visit_id=number, point=point, window=window, work=WORK, skills=frozenset({"cabinet"})
    )


def person(number: int, *, home: Point = HOME, covered: frozenset[int] | None = None) -> PlanPerson:
    return PlanPerson(
        technician_id=number,
        skills=frozenset({"cabinet", "water"}),
        covered=frozenset(range(1, 100)) if covered is None else covered,
        day=Day(home=home, shifts=(MORNING, AFTERNOON), stops=(), speed=Speed()),
    )


def test_visits_that_are_next_door_are_made_on_one_way() -> None:
    visits = [visit(1), visit(2, point=FAR), visit(3), visit(4, point=FAR)]
    people = [person(1), person(2, home=FAR)]

    routes = plan_day(visits=visits, people=people)

    assert {who: {stop.visit_id for stop in made} for who, made in routes.stops.items()} == {
        1: {1, 3},
        2: {2, 4},
    }
    assert faults_of(routes=routes, visits=visits, people=people) == []


def test_territories_skills_and_windows_are_kept() -> None:
    early, late = visit(1, window=Span(480, 540)), visit(2, window=Span(1_000, 1_005))
    visits = [early, late, visit(3), replace(visit(4), skills=frozenset({"roof"}))]
    people = [person(1, covered=frozenset({1, 2, 4}))]

    routes = plan_day(visits=visits, people=people)

    assert [stop.visit_id for stop in routes.stops[1]] == [1, 2]
    assert routes.left_out == (3, 4)


def test_nobody_there_leaves_everything_out() -> None:
    assert plan_day(visits=[visit(1)], people=[]).left_out == (1,)
    assert plan_day(visits=[], people=[person(1)]).stops == {}


class Fault(NamedTuple):
    name: str
    busy: Span
    said: str
    window: Span = Span(480, 1_000)
    covered: frozenset[int] = frozenset({1})
    skills: frozenset[str] = frozenset({"cabinet"})


FAULTS = [
    Fault("early from home", Span(480, 555), "no time for the way"),
    Fault("through the break", Span(700, 775), "outside the hours"),
    Fault("too short", Span(600, 660), "not as long as the work takes"),
    Fault("late", Span(600, 675), "outside the promised window", window=Span(480, 600)),
    Fault("elsewhere", Span(600, 675), "outside the territory", covered=frozenset()),
    Fault("unskilled", Span(600, 675), "a skill is missing", skills=frozenset({"roof"})),
]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_a_route_that_cannot_be_kept_is_found(case: Fault) -> None:
    visits = [replace(visit(1, window=case.window), skills=case.skills)]
    routes = Routes(stops={1: (PlannedStop(visit_id=1, busy=case.busy),)}, left_out=())

    found = faults_of(routes=routes, visits=visits, people=[person(1, covered=case.covered)])

    assert found == [f"visit 1: {case.said}"]


def test_a_visit_that_is_made_twice_or_never_is_found() -> None:
    twice = Routes(stops={1: (PlannedStop(visit_id=1, busy=Span(600, 675)),)}, left_out=(1,))

    for routes in (twice, Routes(stops={}, left_out=())):
        assert faults_of(routes=routes, visits=[visit(1)], people=[person(1)]) == ["not each once"]


points = st.builds(Point, st.floats(30.15, 30.35), st.floats(120.05, 120.25))
windows = st.sampled_from([Span(480, 600), Span(600, 720), Span(780, 900), Span(900, 1_020)])


@settings(max_examples=20, deadline=None)
@given(
    where=st.lists(st.tuples(points, windows), min_size=1, max_size=12),
    homes=st.lists(points, min_size=1, max_size=3),
    single=st.booleans(),
)
def test_whatever_the_day_the_plan_can_be_kept(
    where: list[tuple[Point, Span]], homes: list[Point], *, single: bool
) -> None:
    visits = [visit(number + 1, point=at, window=when) for number, (at, when) in enumerate(where)]
    people = [person(number + 1, home=home) for number, home in enumerate(homes)]
    if single:
        # One who has no break: then the others' break is theirs alone.
        alone = replace(people[0].day, shifts=(Span(480, 1080),))
        people[0] = replace(people[0], day=alone)

    routes = plan_day(visits=visits, people=people)

    assert faults_of(routes=routes, visits=visits, people=people) == []
    assert way_of(routes=routes, visits=visits, people=people) >= 0
    assert plan_day(visits=visits, people=people) == routes


def test_among_days_that_are_equally_good_it_is_always_the_same_one() -> None:
    """Twelve visits at two doors: whoever goes where first, the way is as long."""
    visits = [visit(number, point=(NEAR, HOME)[number % 2]) for number in range(1, 13)]
    people = [person(1), person(2), person(3)]

    plans = [plan_day(visits=visits, people=people) for _ in range(12)]

    assert plans == plans[:1] * 12


def test_twenty_people_and_two_hundred_visits_far_apart_are_planned() -> None:
    """The library counts what ways cost in 32 bits, and a day of many long ones is as good."""
    chance = random.Random(7)

    def anywhere() -> Point:
        return Point(chance.uniform(30.0, 30.6), chance.uniform(119.9, 120.6))

    visits = [
        visit(number, point=anywhere(), window=chance.choice([MORNING, AFTERNOON]))
        for number in range(1, 201)
    ]
    everywhere = frozenset(range(1, 201))
    people = [person(number, home=anywhere(), covered=everywhere) for number in range(1, 21)]

    routes = plan_day(visits=visits, people=people, exploration=0)

    assert faults_of(routes=routes, visits=visits, people=people) == []
    assert sum(len(stops) for stops in routes.stops.values()) >= 60
