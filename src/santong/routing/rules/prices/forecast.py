"""From past orders to the problem whose duals price the stock: the coming days as the past ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from santong.routing.contracts import Tariff
from santong.routing.rules.prices.problem import (
    BasketForecast,
    Lane,
    PriceProblem,
    StockLeft,
)
from santong.routing.rules.shortlist.columns import Places
from santong.routing.rules.shortlist.geometry import distances_metres

ZONE_DEGREES = 2
LANES_A_ZONE = 30
BASKETS_MAX = 20_000
ORDERS_MILLI = 1_000
# A SKU is scarce when what is left covers less than this many times the demand of the horizon.
SCARCE_BELOW_TIMES = 2

Zone = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """Where an order went (degrees) and what it asked for, by SKU."""

    latitude: float
    longitude: float
    quantity_by_sku: tuple[tuple[int, int], ...]


def scarce_skus(
    *,
    past: Iterable[PastOrder],
    atp_by_sku: Mapping[int, int],
    past_days: int,
    horizon_days: int,
) -> frozenset[int]:
    """SKUs that may run out before they are replenished; all others are worth nothing extra."""
    wanted: Counter[int] = Counter()
    for order in past:
        wanted.update(dict(order.quantity_by_sku))
    return frozenset(
        sku_id
        for sku_id, quantity in wanted.items()
        if 0 < atp_by_sku.get(sku_id, 0) * past_days < quantity * horizon_days * SCARCE_BELOW_TIMES
    )


def forecast(
    *,
    past: Sequence[PastOrder],
    scarce: frozenset[int],
    stock: Sequence[StockLeft],
    places: Places,
    tariff: Tariff,
    weight_grams_by_sku: Mapping[int, int],
    past_days: int,
    horizon_days: int,
) -> PriceProblem:
    """Orders come as they came: as often, from the same zones, for the same scarce SKUs together.

    Zones are squares of two degrees around where orders went. The least frequent baskets are left
    out beyond 20,000.
    """
    counts: Counter[tuple[Zone, tuple[tuple[int, int], ...]]] = Counter()
    for order in past:
        basket = tuple(each for each in order.quantity_by_sku if each[0] in scarce)
        if basket:
            counts[_zone_of(order), basket] += 1
    common = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:BASKETS_MAX]
    zones = sorted({zone for (zone, _), _ in common})
    number_by_zone = {zone: number for number, zone in enumerate(zones)}
    holders = np.unique(np.array([each.location_id for each in stock], dtype=np.int64))
    lanes = [
        lane
        for zone in zones
        for lane in _lanes(zone, number_by_zone[zone], holders, places, tariff)
    ]
    dearest = max((lane.parcel_cost_milli + lane.unit_cost_milli for lane in lanes), default=0)
    return PriceProblem(
        baskets=[
            BasketForecast(
                zone_id=number_by_zone[zone],
                quantity_by_sku=basket,
                orders_milli=count * ORDERS_MILLI * horizon_days // past_days,
            )
            for (zone, basket), count in common
        ],
        lanes=lanes,
        stock=stock,
        unfilled_cost_milli=2 * dearest + tariff.reroute_cost_milli + tariff.delay_cost_milli,
        weight_grams_by_sku=weight_grams_by_sku,
    )


def _zone_of(order: PastOrder) -> Zone:
    return (
        round(order.latitude / ZONE_DEGREES) * ZONE_DEGREES,
        round(order.longitude / ZONE_DEGREES) * ZONE_DEGREES,
    )


def _lanes(
    zone: Zone, number: int, holders: np.ndarray, places: Places, tariff: Tariff
) -> list[Lane]:
    """From the nearest places that hold anything scarce and may send."""
    rows = places.rows_of(holders)
    rows = rows[places.is_open[rows] & places.is_capable[rows]]
    metres = distances_metres(positions=places.positions, latitude=zone[0], longitude=zone[1])
    near = rows[np.argsort(metres[rows], kind="stable")[:LANES_A_ZONE]]
    return [
        Lane(
            zone_id=number,
            location_id=int(places.location_ids[row]),
            parcel_cost_milli=int(
                places.parcel_cost_milli[row]
                + places.handling_cost_milli[row]
                + metres[row] * tariff.parcel_micro_per_km // 1_000_000
            ),
            unit_cost_milli=int(places.unit_handling_milli[row]),
            gram_cost_micro=int(
                (
                    metres[row] // 1_000 * tariff.carriage_micro_per_kg_km
                    + tariff.weight_micro_per_kg
                )
                // 1_000
            ),
        )
        for row in near
    ]
