"""The searches against trying everything: exact where they say so, and never careless."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.routing.rules import tie_breaks
from santong.routing.rules.problem import Limits, Plan, Problem, Take, plan_of
from santong.routing.rules.search import by_lines, by_places, greedy
from santong.routing.rules.search.best import best_plan
from santong.routing.tests.factories import patiently

UNLIMITED = Limits(parcels_max=None, gives_way=True)

# Few different values, so that plans often cost the same.
few = st.integers(min_value=0, max_value=5)
all_limits = st.builds(
    Limits, parcels_max=st.none() | st.integers(min_value=1, max_value=3), gives_way=st.booleans()
)


@st.composite
def problems(draw: st.DrawFn, *, places_max: int, needs_max: int, fits_one: bool) -> Problem:
    """Some place holds some of every need; where `fits_one`, some place holds all of it."""
    needs = draw(st.integers(min_value=1, max_value=needs_max))
    row = st.lists(st.integers(min_value=0, max_value=3), min_size=needs, max_size=needs)
    held = [*draw(st.lists(row, max_size=places_max - 1)), draw(row.filter(all))]
    columns = list(zip(*held, strict=True))
    quantities = [
        draw(st.integers(min_value=1, max_value=max(column) if fits_one else sum(column)))
        for column in columns
    ]
    units = [
        [tie_breaks.unit_score(cost_milli=draw(few), doubt_ppm=draw(few), age_days=0) for _ in held]
        for _ in columns
    ]
    parcels = [
        tie_breaks.parcel_score(
            cost_milli=draw(few), arrives_in_minutes=draw(few), recent_load=draw(few)
        )
        for _ in held
    ]
    return Problem(
        quantities=quantities,
        is_divisible=[
            quantity > max(column) for quantity, column in zip(quantities, columns, strict=True)
        ],
        held=held,
        distances=[draw(few) for _ in held],
        parcel_scores=[tie_breaks.ranked(score=score, needs=needs) for score in parcels],
        unit_scores=(unit_scores := _by_place(units, needs)),
        line_scores=_line_scores(quantities, held, unit_scores),
    )


def _by_place(units: Sequence[Sequence[int]], needs: int) -> list[list[int]]:
    return [
        [tie_breaks.ranked(score=score, needs=needs) for score in column]
        for column in zip(*units, strict=True)
    ]


def _line_scores(
    quantities: Sequence[int], held: Sequence[Sequence[int]], unit_scores: Sequence[Sequence[int]]
) -> list[list[int | None]]:
    last = len(quantities) - 1
    return [
        [
            unit_scores[place][need] * quantity
            + tie_breaks.rank_score(rank=place, need=last - need)
            if row[need] >= quantity
            else None
            for need, quantity in enumerate(quantities)
        ]
        for place, row in enumerate(held)
    ]


def every_plan(problem: Problem) -> Iterator[Plan]:
    """All that could be sent: each need whole from a place or not at all, or unit by unit."""
    ways = [list(_ways(problem, need)) for need in range(len(problem.quantities))]
    for chosen in product(*ways):
        yield plan_of(problem=problem, takes=[take for takes in chosen for take in takes])


def _ways(problem: Problem, need: int) -> Iterator[tuple[Take, ...]]:
    wanted = problem.quantities[need]
    if not problem.is_divisible[need]:
        yield ()
        for place, row in enumerate(problem.held):
            if row[need] >= wanted:
                yield (Take(place, need, wanted),)
        return
    for units in product(*(range(row[need] + 1) for row in problem.held)):
        if sum(units) <= wanted:
            yield tuple(Take(place, need, sent) for place, sent in enumerate(units) if sent)


@patiently
@given(problem=problems(places_max=4, needs_max=4, fits_one=True), limits=all_limits)
def test_by_lines_finds_the_very_plan_that_trying_everything_finds(
    problem: Problem, limits: Limits
) -> None:
    plan = by_lines.best_plan(problem=problem, limits=limits)

    best = min(every_plan(problem), key=limits.preference)
    assert limits.preference(plan) == limits.preference(best)
    assert set(plan.takes) == set(best.takes)


@patiently
@given(problem=problems(places_max=3, needs_max=3, fits_one=False), limits=all_limits)
def test_by_places_finds_the_best_plan_with_lines_larger_than_any_place(
    problem: Problem, limits: Limits
) -> None:
    plan = by_places.best_plan(problem=problem, limits=limits)

    best = min(every_plan(problem), key=limits.preference)
    assert limits.preference(plan) == limits.preference(best)


@patiently
@given(problem=problems(places_max=5, needs_max=6, fits_one=True), limits=all_limits)
def test_both_exact_searches_agree(problem: Problem, limits: Limits) -> None:
    by_line = by_lines.best_plan(problem=problem, limits=limits)
    by_place = by_places.best_plan(problem=problem, limits=limits)

    assert set(by_line.takes) == set(by_place.takes)


@patiently
@given(problem=problems(places_max=20, needs_max=12, fits_one=False), limits=all_limits)
def test_leaves_nothing_unfilled_that_has_stock_unless_a_limit_holds(
    problem: Problem, limits: Limits
) -> None:
    plan, _ = best_plan(problem=problem, limits=limits)

    assert plan.units == sum(problem.quantities) or not limits.gives_way
    assert limits.gives_way or limits.allows(plan.parcels)


@patiently
@given(problem=problems(places_max=20, needs_max=12, fits_one=False))
def test_sends_no_more_than_is_asked_or_held(problem: Problem) -> None:
    plan, _ = best_plan(problem=problem, limits=UNLIMITED)

    for need, quantity in enumerate(problem.quantities):
        assert sum(take.quantity for take in plan.takes if take.need == need) == quantity
    for take in plan.takes:
        assert take.quantity <= problem.held[take.place][take.need]
    assert len({take[:2] for take in plan.takes}) == len(plan.takes)


@patiently
@given(problem=problems(places_max=20, needs_max=12, fits_one=False))
def test_is_never_worse_than_nearest_per_line(problem: Problem) -> None:
    plan = greedy.best_plan(problem=problem, limits=UNLIMITED)

    assert plan.score <= nearest_per_line(problem).score


@patiently
@given(problem=problems(places_max=6, needs_max=6, fits_one=False))
def test_greedy_never_claims_less_than_the_exact_plan_costs(problem: Problem) -> None:
    plan = greedy.best_plan(problem=problem, limits=UNLIMITED)

    assert plan.score >= by_places.best_plan(problem=problem, limits=UNLIMITED).score


@pytest.mark.parametrize("parcels", range(1, 6))
def test_scores_fields_apart(parcels: int) -> None:
    dear = tie_breaks.parcel_score(cost_milli=-3, arrives_in_minutes=0, recent_load=0)
    late = tie_breaks.parcel_score(cost_milli=-4, arrives_in_minutes=99_999, recent_load=99_999)

    assert late * parcels < dear * parcels
    assert tie_breaks.cost_of(score=tie_breaks.ranked(score=late, needs=7), needs=7) == -4


def nearest_per_line(problem: Problem) -> Plan:
    takes = []
    for need, quantity in enumerate(problem.quantities):
        left = quantity
        for place in sorted(range(len(problem.held)), key=lambda at: (problem.distances[at], at)):
            held = problem.held[place][need]
            sent = min(held, left) if problem.is_divisible[need] or held >= left else 0
            takes += [Take(place, need, sent)] if sent else []
            left -= sent
    return plan_of(problem=problem, takes=takes)
