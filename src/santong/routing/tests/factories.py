"""Questions and answers of sourcing, each made from what the test is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, settings

from santong.routing.contracts import Candidate, Choice, DemandLine, Shelf, SourcingInput, Tariff

# A busy machine is not a failure: what is promised here is answers, not seconds.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PLENTY = 100
SHIRT, TROUSERS, SCARF = 501, 502, 503

# A parcel 8 yuan, each kilometre 1 fen, a failure 5 yuan.
TARIFF = Tariff(parcel_micro_per_km=1_000_000, reroute_cost_milli=500_000)


def make_lines(quantity_by_sku: Mapping[int, int]) -> tuple[DemandLine, ...]:
    return tuple(
        DemandLine(
            line_id=position + 1,
            sku_id=sku_id,
            quantity=quantity,
            weight_grams=400,
            value_minor=10_000,
        )
        for position, (sku_id, quantity) in enumerate(quantity_by_sku.items())
    )


def make_shelves(atp_by_sku: Mapping[int, int], **worth: int) -> tuple[Shelf, ...]:
    return tuple(
        Shelf(sku_id=sku_id, atp=atp, **worth) for sku_id, atp in atp_by_sku.items() if atp
    )


def make_candidate(location_id: int, *, km: int = 10, **known: Any) -> Candidate:
    """A place that holds plenty of a shirt, unless told otherwise."""
    facts: dict[str, Any] = {
        "shelves": make_shelves({SHIRT: PLENTY}),
        "parcel_cost_milli": 800_000,
        "arrives_in_minutes": 1_440,
    }
    return Candidate(location_id=location_id, distance_metres=km * 1_000, **(facts | known))


def make_sourcing(*candidates: Candidate, **asked: Any) -> SourcingInput:
    """One shirt asked of these candidates, unless told otherwise."""
    facts: dict[str, Any] = {"lines": make_lines({SHIRT: 1}), "tariff": TARIFF}
    return SourcingInput(candidates=candidates, **(facts | asked))


def sent(choice: Choice) -> dict[int, dict[int, int]]:
    """By location what it sends of each line."""
    return {
        parcel.location_id: {portion.line_id: portion.quantity for portion in parcel.portions}
        for parcel in choice.parcels
    }


def senders(choice: Choice) -> Sequence[int]:
    return [parcel.location_id for parcel in choice.parcels]
