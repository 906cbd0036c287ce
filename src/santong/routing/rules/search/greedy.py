"""For many lines among many places: good starts, improved by dropping, adding and swapping.

The starts are nearest-per-line and the set cover by least cost a unit; the plan returned is the
best seen, so it is never worse than nearest-per-line and leaves nothing unfilled that has stock.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence

from santong.routing.rules.problem import Limits, Plan, Problem, Take, filled_from, plan_of

PLACES_TRIED_MAX = 24
PASSES_MAX = 4
OPENED_MAX = 40
SWAPS_MAX = 400
NEVER = float("inf")


def best_plan(*, problem: Problem, limits: Limits) -> Plan:
    """The best plan found within a bounded number of tries."""
    starts = (_nearest_per_line(problem), _covered(problem))
    return min(
        (_improved(problem, limits, _kept_within(problem, limits, start)) for start in starts),
        key=limits.preference,
    )


def by_merit(*, problem: Problem) -> list[int]:
    """The places, those first that cover most of the order, the cheapest of these first."""

    def merit(place: int) -> tuple[int, int, int]:
        units, score = _offer(problem, place, problem.quantities)
        return -units, score, place

    return sorted(range(len(problem.parcel_scores)), key=merit)


def _nearest_per_line(problem: Problem) -> Plan:
    by_distance = sorted(range(len(problem.distances)), key=problem.distances.__getitem__)
    takes: list[Take] = []
    for need, quantity in enumerate(problem.quantities):
        left = quantity
        for place in by_distance:
            taken = _can_take(problem, place, need, left)
            if taken:
                takes.append(Take(place, need, taken))
                left -= taken
    return plan_of(problem=problem, takes=takes)


def _covered(problem: Problem) -> Plan:
    """Opens, again and again, the place that fills what is left at least cost a unit."""
    left = list(problem.quantities)
    opened: list[int] = []
    offers = [(_a_unit(problem, place, left), place) for place in range(len(problem.parcel_scores))]
    heapq.heapify(offers)
    while offers and any(left):
        _, place = heapq.heappop(offers)
        price = _a_unit(problem, place, left)
        if price == NEVER:
            continue
        if offers and price > offers[0][0]:
            heapq.heappush(offers, (price, place))
            continue
        opened.append(place)
        for need, wanted in enumerate(left):
            left[need] -= _can_take(problem, place, need, wanted)
    return filled_from(problem=problem, places=opened)


def _a_unit(problem: Problem, place: int, left: Sequence[int]) -> float:
    """What the place asks for each unit that it can fill of what is left."""
    units, score = _offer(problem, place, left)
    return score // units if units else NEVER


def _offer(problem: Problem, place: int, left: Sequence[int]) -> tuple[int, int]:
    score, units = problem.parcel_scores[place], 0
    for need, wanted in enumerate(left):
        taken = _can_take(problem, place, need, wanted)
        units += taken
        score += problem.unit_scores[place][need] * taken
    return units, score


def _can_take(problem: Problem, place: int, need: int, wanted: int) -> int:
    held = problem.held[place][need]
    return min(held, wanted) if problem.is_divisible[need] or held >= wanted else 0


def _kept_within(problem: Problem, limits: Limits, plan: Plan) -> Plan:
    """Where a limit is kept whatever stays unfilled: the parcels with most units."""
    if limits.gives_way or limits.allows(plan.parcels):
        return plan
    units_by_place = Counter[int]()
    for take in plan.takes:
        units_by_place[take.place] += take.quantity
    most = sorted(units_by_place, key=lambda place: (-units_by_place[place], place))
    return filled_from(problem=problem, places=most[: limits.parcels_max])


def _improved(problem: Problem, limits: Limits, plan: Plan) -> Plan:
    tried = by_merit(problem=problem)[:PLACES_TRIED_MAX]
    for _ in range(PASSES_MAX):
        better = plan
        for places in _neighbours(_opened(plan), tried):
            other = filled_from(problem=problem, places=places)
            better = min(better, other, key=limits.preference)
        if better is plan:
            return plan
        plan = better
    return plan


def _neighbours(opened: set[int], tried: list[int]) -> Iterator[set[int]]:
    """The sets of places one drop, one addition or one swap away, and the set itself."""
    yield opened
    if len(opened) > OPENED_MAX:
        return
    for dropped in opened:
        yield opened - {dropped}
    for added in tried:
        if added not in opened:
            yield opened | {added}
    if len(opened) * len(tried) > SWAPS_MAX:
        return
    for dropped in opened:
        for added in tried:
            if added not in opened:
                yield opened - {dropped} | {added}


def _opened(plan: Plan) -> set[int]:
    return {take.place for take in plan.takes}
