"""The operator's tiers: those asked first serve the order if together they can fill it.

Tiers are above the price and never replace it: within the tiers asked, cost alone decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from santong.routing.contracts import Search
from santong.routing.rules.pricing import PricedPlace, problem_of
from santong.routing.rules.problem import Limits, Plan, Problem
from santong.routing.rules.search.best import best_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan, the places that competed for it, and what there was to fill by need."""

    among: Sequence[PricedPlace]
    quantity_by_need: dict[int, int]
    problem: Problem
    plan: Plan
    search: Search


def planned(
    *, eligible: Sequence[PricedPlace], wanted: Sequence[int], limits: Limits
) -> Planned | None:
    """The best plan of the first tiers that fill what has stock; None when nothing has."""
    fillable = _fillable(eligible, wanted)
    quantity_by_need = {need: quantity for need, quantity in enumerate(fillable) if quantity}
    if not quantity_by_need:
        return None
    answers: list[Planned] = []
    for tier in sorted({place.candidate.tier for place in eligible}):
        among = [place for place in eligible if place.candidate.tier <= tier]
        if len(among) < len(eligible) and _fillable(among, wanted) != fillable:
            continue
        problem = problem_of(places=among, quantity_by_need=quantity_by_need)
        plan, search = best_plan(problem=problem, limits=limits)
        answers.append(
            Planned(
                among=among,
                quantity_by_need=quantity_by_need,
                problem=problem,
                plan=plan,
                search=search,
            )
        )
        if limits.allows(plan.parcels) and plan.units == sum(quantity_by_need.values()):
            return answers[-1]
    return min(answers, key=lambda answer: limits.preference(answer.plan))


def _fillable(places: Sequence[PricedPlace], wanted: Sequence[int]) -> list[int]:
    """By need: what is wanted, or all that there is."""
    if not places:
        return []
    totals = map(sum, zip(*(place.held for place in places), strict=True))
    return [min(quantity, there) for quantity, there in zip(wanted, totals, strict=True)]
