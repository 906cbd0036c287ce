"""What is scarce, where it is wanted, and the lanes on which it may travel there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from santong.routing.contracts import Tariff
from santong.routing.rules.prices.forecast import PastOrder, forecast_baskets
from santong.routing.rules.prices.lanes import ZonePoint, lanes_to
from santong.routing.rules.prices.problem import Lane, PriceProblem, StockLeft
from santong.routing.rules.shortlist.columns import Column, Places

ZONE_DEGREES = 2
BASKETS_MAX = 5_000
# A SKU is scarce when what is left covers less than this many times the demand of the horizon.
SCARCE_BELOW_TIMES = 2

# A square of the map to which goods are shipped, or the one place at which they are fetched.
Zone = tuple[int, int] | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an order asked for, by SKU, and where it went (degrees) or was to be fetched."""

    latitude: float
    longitude: float
    quantity_by_sku: tuple[tuple[int, int], ...]
    pickup_location_id: int | None = None


def scarce_skus(
    *,
    past: Iterable[Asked],
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
    past: Sequence[Asked],
    scarce: frozenset[int],
    stock: Sequence[StockLeft],
    places: Places,
    counters: Places,
    tariff: Tariff,
    weight_grams_by_sku: Mapping[int, int],
    past_days: int,
    horizon_days: int,
) -> PriceProblem:
    """Orders come as they came, from the same squares of two degrees, for the scarce SKUs in them.

    What buyers fetch is a zone for each counter: it competes for the same stock, and no other
    place can serve it. `places` are as they ship, `counters` the same as they hand over.
    """
    number_by_zone: dict[Zone, int] = {}
    wanted: list[PastOrder] = []
    for order in past:
        basket = tuple(each for each in order.quantity_by_sku if each[0] in scarce)
        if basket:
            zone = number_by_zone.setdefault(_zone_of(order), len(number_by_zone))
            wanted.append(PastOrder(zone_id=zone, quantity_by_sku=basket))
    holders = np.unique(np.array([each.location_id for each in stock], dtype=np.int64))
    senders = _Senders(places.rows_of(holders), places, counters, tariff)
    lanes = [
        lane for zone, number in number_by_zone.items() for lane in senders.lanes(zone, number)
    ]
    return PriceProblem(
        baskets=forecast_baskets(
            past=wanted,
            days_observed=past_days,
            days_ahead=horizon_days,
            baskets_max=BASKETS_MAX,
        ),
        lanes=lanes,
        stock=stock,
        unfilled_cost_milli=tariff.unfilled_cost_milli or _worse_than_any(lanes, tariff),
        weight_grams_by_sku=weight_grams_by_sku,
    )


def _zone_of(order: Asked) -> Zone:
    if order.pickup_location_id is not None:
        return order.pickup_location_id
    return (
        round(order.latitude / ZONE_DEGREES) * ZONE_DEGREES,
        round(order.longitude / ZONE_DEGREES) * ZONE_DEGREES,
    )


@dataclass(frozen=True, slots=True)
class _Senders:
    """The rows of places that hold anything scarce; places as they ship, and as they hand over."""

    rows: Column
    places: Places
    counters: Places
    tariff: Tariff

    def lanes(self, zone: Zone, number: int) -> list[Lane]:
        """From those that may serve the zone."""
        if isinstance(zone, int):
            return self._over_the_counter(zone, number)
        able = self.rows[self.places.is_open[self.rows] & self.places.is_capable[self.rows]]
        point = ZonePoint(zone_id=number, latitude=zone[0], longitude=zone[1])
        return lanes_to(zone=point, places=self.places, rows=able, tariff=self.tariff)

    def _over_the_counter(self, location_id: int, number: int) -> list[Lane]:
        counters = self.counters
        return [
            Lane(
                zone_id=number,
                location_id=location_id,
                parcel_cost_milli=int(counters.standing(tariff=self.tariff).parcel_milli[row]),
                unit_cost_milli=int(counters.unit_handling_milli[row]),
            )
            for row in counters.rows_of([location_id])
            if counters.is_open[row] and counters.is_capable[row]
        ]


def _worse_than_any(lanes: Sequence[Lane], tariff: Tariff) -> int:
    """Twice the dearest lane, and what a second try costs: filling always pays."""
    dearest = max((lane.parcel_cost_milli + lane.unit_cost_milli for lane in lanes), default=0)
    return 2 * dearest + tariff.reroute_cost_milli + tariff.delay_cost_milli
