"""Exact for few places with any number of lines: every subset of the places is priced.

Within an open set each line goes to its cheapest member, so 2^places sums decide (Xu, Allgor &
Graves, "Benefits of reevaluating real-time order fulfillment decisions", MSOM 2009, is the
problem; the sets are what its heuristic swaps between).
"""

import numpy as np
from numpy.typing import NDArray

from santong.routing.rules import tie_breaks
from santong.routing.rules.problem import Limits, Plan, Problem, filled_from

PLACES_MAX = 12
UNFILLED = np.int64(1) << np.int64(60)

Column = NDArray[np.int64]


def best_plan(*, problem: Problem, limits: Limits) -> Plan:
    """The best plan over all subsets of at most `PLACES_MAX` places."""
    places = len(problem.parcel_scores)
    assert places <= PLACES_MAX, "too many places to price every subset"
    members = _doubled([1] * places)
    cost = _doubled([_cost(problem, score) for score in problem.parcel_scores])
    units = np.zeros(1 << places, dtype=np.int64)
    for need, quantity in enumerate(problem.quantities):
        filled, spent = (
            _unit_by_unit(problem, need) if problem.is_divisible[need] else _whole(problem, need)
        )
        units += filled if problem.is_divisible[need] else filled * quantity
        cost += spent
    subsets = _best_subsets(limits, members, units, cost)
    plans = (filled_from(problem=problem, places=_members(subset)) for subset in subsets)
    return min(plans, key=limits.preference)


def _best_subsets(limits: Limits, members: Column, units: Column, cost: Column) -> list[int]:
    """Those that the limits prefer, the cheapest of them, of these those with fewest places."""
    excess = np.zeros_like(members)
    if limits.parcels_max is not None:
        excess = np.maximum(members - limits.parcels_max, 0)
    keys = [-units, excess] if limits.gives_way else [excess, -units]
    left = np.arange(len(members))
    for key in [*keys, cost, members]:
        smallest = key[left].min()
        left = left[key[left] == smallest]
    return [int(subset) for subset in left]


def _doubled(values: list[int]) -> Column:
    """For each subset the sum of its members' values."""
    sums = np.zeros(1 << len(values), dtype=np.int64)
    for place, value in enumerate(values):
        sums[1 << place : 2 << place] = sums[: 1 << place] + value
    return sums


def _whole(problem: Problem, need: int) -> tuple[Column, Column]:
    """Whether each subset can fill the need from one place, and the least that costs."""
    least = np.full(1 << len(problem.line_scores), UNFILLED, dtype=np.int64)
    for place, line_scores in enumerate(problem.line_scores):
        score = line_scores[need]
        cost = UNFILLED if score is None else np.int64(_cost(problem, score))
        least[1 << place : 2 << place] = np.minimum(least[: 1 << place], cost)
    filled = (least < UNFILLED).astype(np.int64)
    return filled, least * filled


def _unit_by_unit(problem: Problem, need: int) -> tuple[Column, Column]:
    """How many units each subset can fill, its cheapest units first, and what they cost."""
    subsets = np.arange(1 << len(problem.held), dtype=np.int64)
    wanted = np.full_like(subsets, problem.quantities[need])
    spent = np.zeros_like(subsets)
    by_cost = sorted(range(len(problem.held)), key=lambda place: problem.unit_scores[place][need])
    for place in by_cost:
        taken = np.minimum(wanted, problem.held[place][need]) * (subsets >> place & 1)
        wanted -= taken
        spent += taken * _cost(problem, problem.unit_scores[place][need])
    return problem.quantities[need] - wanted, spent


def _cost(problem: Problem, score: int) -> int:
    return tie_breaks.cost_of(score=score, needs=len(problem.quantities))


def _members(subset: int) -> list[int]:
    return [place for place in range(subset.bit_length()) if subset >> place & 1]
