"""What a parcel and what a unit costs, part by part: integers for one place, columns for many.

The parts are the sourcing objective: `parcel`, `distance` and acceptance `risk` once a parcel,
`weight`, `scarcity`, finding `risk` and `markdown` with every unit. The scarcity price is the
dual of the stock in a forecast (Jasin & Sinha, "An LP-based correlated rounding scheme for
multi-item ecommerce order fulfillment", Operations Research 2015; Ma, "Order-optimal correlated
rounding for fulfilling multi-item e-commerce orders", MSOM 2023).
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from santong.routing.contracts import COST_PARTS, CostParts, Tariff

CERTAIN_PPM = 1_000_000
METRES_PER_KM = 1_000
GRAMS_PER_KG = 1_000
MICRO_PER_MILLI = 1_000

Amount = TypeVar("Amount", int, NDArray[np.int64])


def standing_parts(
    *,
    parcel_cost_milli: Amount,
    handling_cost_milli: Amount,
    accept_ppm: Amount,
    is_cross_owner: Amount,
    tariff: Tariff,
) -> tuple[Amount, Amount, Amount, Amount]:
    """What a parcel from a place costs whoever it is for: base, handling, risk, other owner."""
    declined = (CERTAIN_PPM - accept_ppm) * _failure_milli(tariff) // CERTAIN_PPM
    foreign = is_cross_owner * tariff.cross_owner_fee_milli
    return parcel_cost_milli, handling_cost_milli, declined, foreign


def moving_parts(
    *, distance_metres: Amount, late_minutes: Amount, tariff: Tariff
) -> tuple[Amount, Amount]:
    """What a parcel costs for the way it has to go: distance, lateness."""
    distance = distance_metres * tariff.parcel_micro_per_km // (METRES_PER_KM * MICRO_PER_MILLI)
    return distance, late_minutes * tariff.lateness_milli_per_minute


def missed_milli(*, accept_ppm: Amount, tariff: Tariff) -> Amount:
    """What it costs, in expectation, that a place does not find a unit: it has to accept first."""
    return accept_ppm * _failure_milli(tariff) // CERTAIN_PPM


def unit_parts(
    *,
    distance_metres: Amount,
    unit_handling_milli: Amount,
    missed_milli: Amount,
    is_cross_owner: Amount,
    price_milli: Amount,
    found_ppm: Amount,
    markdown_milli: Amount,
    weight_grams: int,
    value_minor: int,
    tariff: Tariff,
) -> tuple[Amount, Amount, Amount, Amount, Amount, Amount]:
    """What one unit adds to a parcel, in the order of `UnitParts`."""
    standing_milli = tariff.weight_micro_per_kg * weight_grams // (GRAMS_PER_KG * MICRO_PER_MILLI)
    micro_per_km = tariff.carriage_micro_per_kg_km * weight_grams // GRAMS_PER_KG
    weight = distance_metres * micro_per_km // (METRES_PER_KM * MICRO_PER_MILLI) + standing_milli
    missed = (CERTAIN_PPM - found_ppm) * missed_milli // CERTAIN_PPM
    foreign = is_cross_owner * (value_minor * tariff.cross_owner_ppm // 1_000)
    return unit_handling_milli, weight, price_milli, missed, -markdown_milli, foreign


def _failure_milli(tariff: Tariff) -> int:
    return tariff.reroute_cost_milli + tariff.delay_cost_milli


class ParcelParts(NamedTuple):
    parcel: int
    handling: int
    risk: int
    cross_owner: int
    distance: int
    lateness: int


class UnitParts(NamedTuple):
    handling: int
    weight: int
    scarcity: int
    risk: int
    markdown: int
    cross_owner: int


def together(*, parcel: ParcelParts, units: Iterable[tuple[UnitParts, int]]) -> CostParts:
    """The cost of one parcel with so many units of each kind in it."""
    base, handling, risk, cross_owner, distance, lateness = parcel
    weight = scarcity = markdown = 0
    for unit, quantity in units:
        if quantity:
            handling += unit.handling * quantity
            weight += unit.weight * quantity
            scarcity += unit.scarcity * quantity
            risk += unit.risk * quantity
            markdown += unit.markdown * quantity
            cross_owner += unit.cross_owner * quantity
    return CostParts(
        parcel=base,
        handling=handling,
        distance=distance,
        weight=weight,
        scarcity=scarcity,
        risk=risk,
        markdown=markdown,
        lateness=lateness,
        cross_owner=cross_owner,
    )


def summed(*, costs: Iterable[CostParts]) -> CostParts:
    """All parcels of an order together, part by part."""
    rows = list(costs)
    return CostParts(**{part: sum(getattr(row, part) for row in rows) for part in COST_PARTS})
