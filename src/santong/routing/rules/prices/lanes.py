"""The ways on which scarce goods may travel, at what an order would be charged for them."""

from dataclasses import dataclass

import numpy as np

from santong.routing.contracts import Tariff
from santong.routing.rules.costs import GRAMS_PER_KG, METRES_PER_KM, moving_parts
from santong.routing.rules.prices.problem import Lane
from santong.routing.rules.shortlist.columns import Column, Places
from santong.routing.rules.shortlist.geometry import distances_metres

LANES_A_ZONE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePoint:
    """A zone of the forecast, by number, and the point that stands for its buyers."""

    zone_id: int
    latitude: float
    longitude: float


def lanes_to(
    *, zone: ZonePoint, places: Places, rows: Column, tariff: Tariff, most: int = LANES_A_ZONE
) -> list[Lane]:
    """From the places among these rows from which a parcel costs least, the risk of a no included.

    They cost what `decide` charges for them, so that a price and what it competes with agree.
    """
    metres = distances_metres(
        positions=places.positions, latitude=zone.latitude, longitude=zone.longitude
    )[rows]
    distance, _ = moving_parts(
        distance_metres=metres, late_minutes=np.zeros_like(metres), tariff=tariff
    )
    parcel = places.standing(tariff=tariff).parcel_milli[rows] + distance
    per_gram = (
        metres // METRES_PER_KM * tariff.carriage_micro_per_kg_km + tariff.weight_micro_per_kg
    ) // GRAMS_PER_KG
    return [
        Lane(
            zone_id=zone.zone_id,
            location_id=int(places.location_ids[rows[at]]),
            parcel_cost_milli=int(parcel[at]),
            unit_cost_milli=int(places.unit_handling_milli[rows[at]]),
            gram_cost_micro=int(per_gram[at]),
        )
        for at in np.argsort(parcel, kind="stable")[:most]
    ]
