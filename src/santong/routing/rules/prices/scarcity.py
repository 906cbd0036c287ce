"""What is scarce, where it is wanted, and the lanes on which it may travel there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from santong.routing.contracts import Tariff
from santong.routing.rules.prices.forecast import PastOrder, forecast_baskets
from santong.routing.rules.prices.problem import Lane, PriceProblem, StockLeft
from santong.routing.rules.shortlist.columns import Column, Places
from santong.routing.rules.shortlist.geometry import distances_metres

ZONE_DEGREES = 2
LANES_A_ZONE = 30
BASKETS_MAX = 5_000
MICRO_PER_MILLI = 1_000
METRES_PER_KM = 1_000
# A SKU is scarce when what is left covers less than this many times the demand of the horizon.
SCARCE_BELOW_TIMES = 2

Zone = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Where an order went (degrees) and what it asked for, by SKU."""

    latitude: float
    longitude: float
    quantity_by_sku: tuple[tuple[int, int], ...]


def scarce_skus(
    *,
    past: Iterable[Shipped],
    atp_by_sku: Mapping[int, int],
    past_days: int,
    horizon_days: int,
) -> frozenset[int]:
    """SKUs that may run out before they are replenished; all others are worth nothing extra."""
    wanted: Counter[int] = Counter()
    for order in past:
        for sku_id, quantity in order.quantity_by_sku:
            wanted[sku_id] += quantity
    return frozenset(
        sku_id
        for sku_id, quantity in wanted.items()
        if 0 < atp_by_sku.get(sku_id, 0) * past_days < quantity * horizon_days * SCARCE_BELOW_TIMES
    )


def price_problem(
    *,
    past: Sequence[Shipped],
    scarce: frozenset[int],
    stock: Sequence[StockLeft],
    places: Places,
    tariff: Tariff,
    weight_grams_by_sku: Mapping[int, int],
    past_days: int,
    horizon_days: int,
) -> PriceProblem:
    """Orders come as they came, from the same squares of two degrees, for the scarce SKUs in them.

    A unit that is never sent costs twice the dearest lane, and what a second try costs.
    """
    number_by_zone: dict[Zone, int] = {}
    wanted: list[PastOrder] = []
    for order in past:
        basket = tuple(each for each in order.quantity_by_sku if each[0] in scarce)
        if basket:
            zone = number_by_zone.setdefault(_zone_of(order), len(number_by_zone))
            wanted.append(PastOrder(zone_id=zone, quantity_by_sku=basket))
    rows = _senders(stock, places)
    lanes = [
        lane
        for zone, number in number_by_zone.items()
        for lane in _lanes(zone, number, rows, places, tariff)
    ]
    dearest = max((lane.parcel_cost_milli + lane.unit_cost_milli for lane in lanes), default=0)
    return PriceProblem(
        baskets=forecast_baskets(
            past=wanted,
            days_observed=past_days,
            days_ahead=horizon_days,
            baskets_max=BASKETS_MAX,
        ),
        lanes=lanes,
        stock=stock,
        unfilled_cost_milli=2 * dearest + tariff.reroute_cost_milli + tariff.delay_cost_milli,
        weight_grams_by_sku=weight_grams_by_sku,
    )


def _zone_of(order: Shipped) -> Zone:
    return (
        round(order.latitude / ZONE_DEGREES) * ZONE_DEGREES,
        round(order.longitude / ZONE_DEGREES) * ZONE_DEGREES,
    )


def _senders(stock: Sequence[StockLeft], places: Places) -> Column:
    """The rows of places that hold anything scarce and may send it."""
    holders = np.unique(np.array([each.location_id for each in stock], dtype=np.int64))
    rows = places.rows_of(holders)
    may_send: Column = rows[places.is_open[rows] & places.is_capable[rows]]
    return may_send


def _lanes(zone: Zone, number: int, rows: Column, places: Places, tariff: Tariff) -> list[Lane]:
    """From the nearest of these places."""
    metres = distances_metres(positions=places.positions, latitude=zone[0], longitude=zone[1])
    near = rows[np.argsort(metres[rows], kind="stable")[:LANES_A_ZONE]]
    return [
        Lane(
            zone_id=number,
            location_id=int(places.location_ids[row]),
            parcel_cost_milli=int(
                places.parcel_cost_milli[row]
                + places.handling_cost_milli[row]
                + metres[row] * tariff.parcel_micro_per_km // (METRES_PER_KM * MICRO_PER_MILLI)
            ),
            unit_cost_milli=int(places.unit_handling_milli[row]),
            gram_cost_micro=int(
                (
                    metres[row] // METRES_PER_KM * tariff.carriage_micro_per_kg_km
                    + tariff.weight_micro_per_kg
                )
                // 1_000
            ),
        )
        for row in near
    ]
