"""Which search answers which problem: exact wherever that is affordable."""

from collections.abc import Sequence
from dataclasses import replace

from santong.routing.contracts import Search
from santong.routing.rules.problem import Limits, Plan, Problem
from santong.routing.rules.search import by_lines, by_places, greedy

LINES_MAX = 30


def best_plan(*, problem: Problem, limits: Limits) -> tuple[Plan, Search]:
    """The best plan, and the search that found it. Some place holds some of every need."""
    if len(problem.quantities) <= by_lines.LINES_MAX and not any(problem.is_divisible):
        return by_lines.best_plan(problem=problem, limits=limits), "lines"
    if len(problem.quantities) > LINES_MAX:
        return greedy.best_plan(problem=problem, limits=limits), "greedy"
    if len(problem.parcel_scores) <= by_places.PLACES_MAX:
        return by_places.best_plan(problem=problem, limits=limits), "places"
    return _best_of_both(problem, limits), "greedy"


def _best_of_both(problem: Problem, limits: Limits) -> Plan:
    """The greedy plan, or the exact one over its places and those next in merit."""
    plan = greedy.best_plan(problem=problem, limits=limits)
    chosen = {take.place for take in plan.takes}
    others = [place for place in greedy.by_merit(problem=problem) if place not in chosen]
    few = sorted([*chosen, *others][: by_places.PLACES_MAX])
    exact = by_places.best_plan(problem=_among(problem, few), limits=limits)
    takes = tuple(take._replace(place=few[take.place]) for take in exact.takes)
    return min(plan, exact._replace(takes=takes), key=limits.preference)


def _among(problem: Problem, places: Sequence[int]) -> Problem:
    return replace(
        problem,
        held=[problem.held[place] for place in places],
        distances=[problem.distances[place] for place in places],
        parcel_scores=[problem.parcel_scores[place] for place in places],
        unit_scores=[problem.unit_scores[place] for place in places],
        line_scores=[problem.line_scores[place] for place in places],
    )
