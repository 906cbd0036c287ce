"""Who can come when: both sides of a visit have to fit, whatever the day looks like."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.availability import Day, Stop, Work, best_fit, fits, windows_of
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.travel import travel_minutes

HOME, NEAR, FAR = Point(30.25, 120.15), Point(30.26, 120.15), Point(30.45, 120.15)
SPEED = Speed()
NEAR_MINUTES = travel_minutes(HOME, NEAR, SPEED)
FAR_MINUTES = travel_minutes(HOME, FAR, SPEED)
SHIFTS = (Span(480, 720), Span(780, 1080))
WORK = Work(before=5, minutes=60, after=10)


class Case(NamedTuple):
    name: str
    start: int | None
    window: Span = Span(480, 600)
    stops: tuple[Stop, ...] = ()
    shifts: tuple[Span, ...] = SHIFTS
    work: Work = WORK
    point: Point = NEAR


CASES = [
    Case("the way from home comes first", start=480 + NEAR_MINUTES + 5),
    Case("a late window is not begun early", start=900, window=Span(900, 1020)),
    Case("nobody works, nobody comes", start=None, shifts=()),
    Case(
        "work that does not fit before the break begins after it",
        start=785,
        window=Span(660, 780 + 60),
    ),
    Case("a window that ends in the break is not offered", start=None, window=Span(660, 780)),
    Case("work longer than a shift", start=None, work=Work(0, 400, 0), window=Span(480, 1080)),
    Case(
        "the way to the next visit has to fit too",
        start=None,
        window=Span(480, 500),
        stops=(Stop(Span(590, 700), FAR),),
    ),
    Case(
        "the way from the one before is waited for",
        start=600 + travel_minutes(FAR, NEAR, SPEED) + 5,
        window=Span(600, 720),
        stops=(Stop(Span(500, 600), FAR),),
        shifts=(Span(480, 1080),),
    ),
    Case(
        "the same house takes no way",
        start=605,
        window=Span(600, 700),
        stops=(Stop(Span(500, 600), NEAR),),
        shifts=(Span(480, 1080),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_when_somebody_can_begin(case: Case) -> None:
    day = Day(home=HOME, shifts=case.shifts, stops=case.stops, speed=SPEED)

    fit = best_fit(day=day, window=case.window, work=case.work, point=case.point)

    assert (fit.start if fit else None) == case.start


minutes = st.integers(min_value=0, max_value=240)
points = st.builds(
    Point,
    st.floats(min_value=30.1, max_value=30.4),
    st.floats(min_value=120.0, max_value=120.3),
)
works = st.builds(
    Work, st.integers(0, 20), st.integers(min_value=5, max_value=180), st.integers(0, 20)
)


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A day that keeps its own rules: stops are apart by the way between them, within shifts."""
    home = draw(points)
    shifts = draw(st.sampled_from([(), (Span(480, 1080),), SHIFTS, (Span(300, 700),)]))
    day = Day(home=home, shifts=shifts, stops=(), speed=SPEED)
    for _ in range(draw(st.integers(0, 5))):
        begins = draw(st.integers(min_value=300, max_value=1_000))
        point = draw(points)
        fit = best_fit(day=day, window=Span(begins, begins + 120), work=draw(works), point=point)
        if fit is not None:
            stops = sorted([*day.stops, Stop(fit.busy, point)])
            day = Day(home=home, shifts=shifts, stops=tuple(stops), speed=SPEED)
    return day


def breaks_of(day: Day) -> list[str]:
    """What is wrong with a day, said by rules written anew."""
    wrong = [
        f"{stop.busy} outside shifts"
        for stop in day.stops
        if not any(shift.holds(stop.busy) for shift in day.shifts)
    ]
    if day.stops:
        first = day.stops[0]
        if day.shifts[0].start + travel_minutes(day.home, first.point, SPEED) > first.busy.start:
            wrong.append("too early from home")
    for one, other in pairwise(day.stops):
        if one.busy.end + travel_minutes(one.point, other.point, SPEED) > other.busy.start:
            wrong.append(f"no way from {one.busy} to {other.busy}")
    return wrong


@given(day=days())
def test_a_day_that_is_filled_by_what_is_offered_can_be_kept(day: Day) -> None:
    assert breaks_of(day) == []


@given(day=days(), begins=st.integers(300, 1_000), work=works, point=points)
def test_every_fit_is_feasible_on_both_sides(
    day: Day, begins: int, work: Work, point: Point
) -> None:
    window = Span(begins, begins + 120)

    for fit in fits(day=day, window=window, work=work, point=point):
        taken = Day(
            home=day.home,
            shifts=day.shifts,
            stops=tuple(sorted([*day.stops, Stop(fit.busy, point)])),
            speed=SPEED,
        )
        assert breaks_of(taken) == []
        assert window.start <= fit.start <= window.end
        assert fit.busy == Span(fit.start - work.before, fit.start + work.minutes + work.after)


@given(day=days(), begins=st.integers(300, 1_000), work=works, point=points)
def test_what_is_not_offered_could_not_be_kept(
    day: Day, begins: int, work: Work, point: Point
) -> None:
    """Every minute of the window is tried by hand: where one works, something is offered."""
    window = Span(begins, begins + 30)
    offered = best_fit(day=day, window=window, work=work, point=point)

    by_hand = [
        start
        for start in range(window.start, window.end + 1)
        if day.shifts
        and not breaks_of(
            Day(
                home=day.home,
                shifts=day.shifts,
                stops=tuple(
                    sorted(
                        [
                            *day.stops,
                            Stop(
                                Span(start - work.before, start + work.minutes + work.after),
                                point,
                            ),
                        ]
                    )
                ),
                speed=SPEED,
            )
        )
    ]

    assert (offered is not None) == bool(by_hand)


@given(start=st.integers(0, 10_000), length=st.integers(60, 1_500), size=st.integers(15, 300))
def test_windows_cut_a_day_without_gap_or_overlap(start: int, length: int, size: int) -> None:
    day = Span(start, start + length)

    found = windows_of(day=day, minutes=size, not_before=day.start)

    assert (found[0].start, found[-1].end) == day
    assert all(one.end == other.start for one, other in pairwise(found))
