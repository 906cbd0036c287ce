"""Why a plan was chosen, as a code and numbers: the words, in any language, are found later."""

from collections.abc import Mapping, Sequence

from santong.routing.contracts import (
    COST_PARTS,
    CostPart,
    CostParts,
    Mode,
    Quote,
    Reason,
    Refusal,
    TieBreak,
    WhyChosen,
)
from santong.routing.rules import tie_breaks
from santong.routing.rules.pricing import PricedPlace
from santong.routing.rules.problem import Limits, filled_from
from santong.routing.rules.tiers import Planned


def quotes_of(
    *,
    places: Sequence[PricedPlace],
    refusals: Sequence[Refusal | None],
    wanted: Sequence[int],
    fillable: Mapping[int, int],
) -> tuple[Quote, ...]:
    """For each candidate what it would cost if it alone sent all that it can.

    It is whole where that is as much as all eligible places together could send.
    """
    return tuple(
        _quote(place, refusal, wanted, fillable)
        for place, refusal in zip(places, refusals, strict=True)
    )


def reason_of(
    *,
    mode: Mode,
    planned: Planned | None,
    quotes: Sequence[Quote],
    cost: CostParts,
    limits: Limits,
) -> Reason:
    """What spoke for the plan: what else could have been done, and which cost part decided."""
    if planned is None or not planned.plan.takes:
        return Reason(code="nothing_to_send")
    chosen = {planned.among[take.place].candidate.location_id for take in planned.plan.takes}
    rival = _rival(planned, quotes, chosen)
    numbers = _numbers(planned, cost, limits) | _of_nearest(planned, quotes, chosen)
    if rival:
        numbers["rival_location_id"] = rival.location_id
        numbers["rival_cost_milli"] = rival.cost.total_milli
    if mode == "pickup":
        return Reason(code="chosen_by_buyer", numbers=numbers)
    code = _code(planned, rival, cost)
    decided_by: CostPart | TieBreak | None = None
    if code == "tie_broken" and rival:
        decided_by = _tie_break(planned, rival)
    elif rival:
        decided_by = _weightiest(cost, rival.cost)
    return Reason(code=code, decided_by=decided_by, numbers=numbers)


def _quote(
    place: PricedPlace,
    refusal: Refusal | None,
    wanted: Sequence[int],
    fillable: Mapping[int, int],
) -> Quote:
    quantities = [min(pair) for pair in zip(place.held, wanted, strict=True)]
    is_whole = all(quantities[need] >= quantity for need, quantity in fillable.items())
    return Quote(
        location_id=place.candidate.location_id,
        units=sum(quantities),
        is_whole=is_whole and any(quantities),
        refusal=refusal,
        cost=place.cost_of(quantities),
    )


def _rival(planned: Planned, quotes: Sequence[Quote], chosen: set[int]) -> Quote | None:
    """The cheapest place that could have sent everything alone, and was not chosen to."""
    competed = {place.candidate.location_id for place in planned.among}
    rivals = [
        quote
        for quote in quotes
        if quote.is_whole and quote.location_id in competed and {quote.location_id} != chosen
    ]
    return min(rivals, key=lambda quote: (quote.cost.total_milli, quote.location_id), default=None)


def _numbers(planned: Planned, cost: CostParts, limits: Limits) -> dict[str, int]:
    numbers = {
        "cost_milli": cost.total_milli,
        "parcels": planned.plan.parcels,
        "places_compared": len(planned.among),
        "tier": max(place.candidate.tier for place in planned.among),
    }
    if limits.parcels_max is not None:
        numbers["parcels_max"] = limits.parcels_max
    return numbers


def _of_nearest(planned: Planned, quotes: Sequence[Quote], chosen: set[int]) -> dict[str, int]:
    """The nearest place that competed, when it was passed over."""
    nearest = min(
        planned.among,
        key=lambda place: (place.candidate.distance_metres, place.candidate.location_id),
    ).candidate
    if nearest.location_id in chosen:
        return {}
    quote = next(quote for quote in quotes if quote.location_id == nearest.location_id)
    return {
        "nearest_location_id": nearest.location_id,
        "nearest_cost_milli": quote.cost.total_milli,
        "nearest_units": quote.units,
    }


def _code(planned: Planned, rival: Quote | None, cost: CostParts) -> WhyChosen:
    plan = planned.plan
    if plan.units < sum(planned.quantity_by_need.values()):
        return "limit_kept"
    if plan.parcels > 1:
        return "split_cheaper" if rival else "split_needed"
    if rival is None:
        return "only_place"
    return "tie_broken" if rival.cost.total_milli == cost.total_milli else "cheapest_place"


def _weightiest(cost: CostParts, rival: CostParts) -> CostPart:
    """The part in which the rival is dearer by most."""
    return max(COST_PARTS, key=lambda part: getattr(rival, part) - getattr(cost, part))


def _tie_break(planned: Planned, rival: Quote) -> TieBreak:
    position = next(
        position
        for position, place in enumerate(planned.among)
        if place.candidate.location_id == rival.location_id
    )
    other = filled_from(problem=planned.problem, places=[position])
    return tie_breaks.decided_by(
        better=planned.plan.score, worse=other.score, needs=len(planned.quantity_by_need)
    )
