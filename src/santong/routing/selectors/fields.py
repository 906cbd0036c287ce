"""The merchant's places as the rules want them: columns, at most two seconds old."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from santong.inventory import public as inventory
from santong.routing.contracts import Mode, Tariff
from santong.routing.models import PlaceLoad, ScarcityPrice
from santong.routing.rules.defaults import STORE_LEAD_MINUTES, WAREHOUSE_LEAD_MINUTES
from santong.routing.rules.shortlist.columns import NO_LIMIT, Column, Places, ShelfColumn
from santong.routing.selectors.policies import policy_of
from santong.stores import public as stores

SECONDS_TRUSTED = 2.0
PRICES_TRUSTED = 30.0
MOST_KEPT = 256
MILLI = 1_000
# With more places than this, the near ones are asked first and the others only when they are short.
ASK_ALL_UP_TO = 600
NEAR_ONES = 300

NOWHERE = ShelfColumn.plain(rows=[], atp=[])


@dataclass(frozen=True, slots=True)
class _Kept:
    places: Places
    map_version: int
    tariff: Tariff
    day: str
    at: float


_kept: OrderedDict[tuple[int, Mode, int], _Kept] = OrderedDict()


def places_of(
    *, merchant_id: int, mode: Mode, seller_dealer_id: int, now: datetime
) -> tuple[Places, stores.LocationMap]:
    """Every place as a column entry, with today's load; and the map that they stand on.

    A place is of another owner where its dealer is not the seller's.
    """
    known = stores.location_map(merchant_id=merchant_id)
    policy = policy_of(merchant_id=merchant_id)
    day = policy.day_of(now)
    key = (merchant_id, mode, seller_dealer_id)
    kept = _kept.get(key)
    if (
        kept is not None
        and kept.map_version == known.version
        and kept.day == day
        and kept.tariff == policy.tariff
        and time.monotonic() - kept.at < SECONDS_TRUSTED
    ):
        return kept.places, known
    places = _columns(
        known,
        loads=_loads(merchant_id, known.ids, day),
        mode=mode,
        seller_dealer_id=seller_dealer_id,
        tariff=policy.tariff,
    )
    _kept[key] = _Kept(places, known.version, policy.tariff, day, time.monotonic())
    _kept.move_to_end(key)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return places, known


def near_ids(*, known: stores.LocationMap, latitude: float, longitude: float) -> list[int] | None:
    """The places to ask for stock first, or None where all of them may be asked at once."""
    if len(known.ids) <= ASK_ALL_UP_TO:
        return None
    distances = known.distances_metres(latitude=latitude, longitude=longitude)
    near = np.argpartition(distances, NEAR_ONES)[:NEAR_ONES]
    chosen = np.union1d(near, np.flatnonzero(known.is_warehouse)[:NEAR_ONES])
    return [int(each) for each in known.ids[chosen]]


def shelves_of(
    *,
    merchant_id: int,
    quantity_by_sku: Mapping[int, int],
    places: Places,
    location_ids: Sequence[int] | None,
) -> dict[int, ShelfColumn]:
    """What can be promised of each SKU, by place, with its scarcity price."""
    held = inventory.atp_columns(
        merchant_id=merchant_id, sku_ids=quantity_by_sku, location_ids=location_ids
    )
    prices = _prices(merchant_id, list(quantity_by_sku))
    return {
        sku_id: _shelf(places, held[sku_id], prices.get(sku_id, {})) if sku_id in held else NOWHERE
        for sku_id in quantity_by_sku
    }


def _shelf(
    places: Places, held: inventory.AtpColumn, price_by_location: Mapping[int, int]
) -> ShelfColumn:
    rows, is_known = places.find(held.location_ids)
    shelf = ShelfColumn.plain(rows=rows[is_known], atp=held.quantities[is_known])
    if price_by_location:
        ids = held.location_ids[is_known].tolist()
        prices = [price_by_location.get(each, 0) for each in ids]
        return replace(shelf, price_milli=np.array(prices, dtype=np.int64))
    return shelf


def _prices(merchant_id: int, sku_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    prices: dict[int, dict[int, int]] = {}
    if not _has_prices(merchant_id):
        return prices
    rows = ScarcityPrice.objects.of_merchant(merchant_id).filter(sku_id__in=sku_ids)
    for sku_id, location_id, price in rows.values_list("sku_id", "location_id", "price_milli"):
        prices.setdefault(sku_id, {})[location_id] = price
    return prices


_priced: dict[int, tuple[float, bool]] = {}


def _has_prices(merchant_id: int) -> bool:
    """Whether anything of the merchant is scarce, asked every half a minute."""
    kept = _priced.get(merchant_id)
    if kept is None or time.monotonic() - kept[0] > PRICES_TRUSTED:
        found = ScarcityPrice.objects.of_merchant(merchant_id).exists()
        kept = _priced[merchant_id] = (time.monotonic(), found)
    return kept[1]


def forget_prices(*, merchant_id: int) -> None:
    """Ask again next time."""
    _priced.pop(merchant_id, None)


def _columns(
    known: stores.LocationMap, *, loads: Column, mode: Mode, seller_dealer_id: int, tariff: Tariff
) -> Places:
    bit = stores.BIT_BY_CAPABILITY[mode]
    # What the buyer fetches is carried by nobody.
    carriage_milli = 0 if mode == "pickup" else tariff.parcel_cost_milli
    capacity = np.where(
        known.daily_capacities == stores.UNLIMITED, NO_LIMIT, known.daily_capacities - loads
    )
    return Places(
        location_ids=known.ids,
        positions=np.ascontiguousarray(known.vectors.T),
        parcel_cost_milli=known.parcel_costs_minor * MILLI + carriage_milli,
        handling_cost_milli=known.handling_costs_minor * MILLI + tariff.handling_cost_milli,
        unit_handling_milli=np.full(len(known.ids), tariff.unit_handling_milli, dtype=np.int64),
        accept_ppm=known.accept_rates_ppm,
        lead_minutes=np.where(known.is_warehouse, WAREHOUSE_LEAD_MINUTES, STORE_LEAD_MINUTES),
        capacity_left=capacity,
        recent_load=loads,
        tiers=np.zeros(len(known.ids), dtype=np.int64),
        is_open=known.is_open,
        is_capable=(known.capabilities & bit) != 0,
        has_consent=np.ones(len(known.ids), dtype=np.bool_),
        is_cross_owner=known.dealer_ids != seller_dealer_id,
    )


def _loads(merchant_id: int, ids: Column, day: str) -> Column:
    """Parcels asked of each place today."""
    loads = np.zeros(len(ids), dtype=np.int64)
    rows = PlaceLoad.objects.of_merchant(merchant_id).filter(day=day)
    for location_id, parcels in rows.values_list("location_id", "parcels"):
        row = int(np.searchsorted(ids, location_id))
        if row < len(ids) and ids[row] == location_id:
            loads[row] = parcels
    return loads
