"""All places of a merchant, and one SKU's stock over them, as columns."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from santong.routing.contracts import Tariff
from santong.routing.rules.costs import CERTAIN_PPM, missed_milli, standing_parts

Column = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_LIMIT = 1 << 40


@dataclass(frozen=True, kw_only=True)
class Places:
    """One row a place, in the order of location ids, for one mode of fulfilment.

    `positions` are points on the unit sphere (see `geometry`). `capacity_left` is `NO_LIMIT`
    where nothing limits it. Keep one as long as its columns hold: it remembers what it computed.
    """

    location_ids: Column
    positions: NDArray[np.float64]
    parcel_cost_milli: Column
    handling_cost_milli: Column
    unit_handling_milli: Column
    accept_ppm: Column
    lead_minutes: Column
    capacity_left: Column
    recent_load: Column
    tiers: Column
    is_open: Flags
    is_capable: Flags
    has_consent: Flags
    is_cross_owner: Flags
    _by_tariff: dict[Tariff, "Standing"] = field(
        default_factory=dict[Tariff, "Standing"], init=False, repr=False, compare=False
    )

    def __len__(self) -> int:
        return len(self.location_ids)

    @cached_property
    def has_capacity(self) -> Flags:
        return self.capacity_left > 0

    @cached_property
    def tiers_known(self) -> list[int]:
        """The tiers that there are, the first one asked first."""
        tiers: list[int] = np.unique(self.tiers).tolist()
        return tiers

    def standing(self, *, tariff: Tariff) -> "Standing":
        """What depends on the place and the tariff alone; computed once."""
        known = self._by_tariff.get(tariff)
        if known is None:
            known = self._by_tariff[tariff] = self._standing(tariff)
        return known

    def _standing(self, tariff: Tariff) -> "Standing":
        is_cross_owner = self.is_cross_owner.astype(np.int64)
        parcel, handling, declined, foreign = standing_parts(
            parcel_cost_milli=self.parcel_cost_milli,
            handling_cost_milli=self.handling_cost_milli,
            accept_ppm=self.accept_ppm,
            is_cross_owner=is_cross_owner,
            tariff=tariff,
        )
        return Standing(
            parcel_milli=parcel + handling + declined + foreign,
            missed_milli=missed_milli(accept_ppm=self.accept_ppm, tariff=tariff),
            is_cross_owner=is_cross_owner,
        )

    def rows_of(self, location_ids: ArrayLike) -> Column:
        """The rows of these places; ids of places that are not listed are left out."""
        rows, is_known = self.find(np.asarray(location_ids, dtype=np.int64))
        return rows[is_known]

    def find(self, location_ids: Column) -> tuple[Column, Flags]:
        """For each place a row, and whether it is listed: where it is not, the row is any."""
        if not len(self):
            return np.zeros_like(location_ids), np.zeros(len(location_ids), dtype=np.bool_)
        rows = np.searchsorted(self.location_ids, location_ids)
        rows[rows == len(self)] = 0
        return rows, self.location_ids[rows] == location_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """By place: a parcel whoever it is for, a unit that is not found, 1 for another owner."""

    parcel_milli: Column
    missed_milli: Column
    is_cross_owner: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfColumn:
    """One SKU's stock: `rows` are the places that can promise some of it, in ascending order."""

    rows: Column
    atp: Column
    price_milli: Column
    found_ppm: Column
    markdown_milli: Column
    age_days: Column

    @classmethod
    def plain(cls, *, rows: ArrayLike, atp: ArrayLike) -> Self:
        """Stock that is plentiful, certain and new: price, doubt, credit and age are neutral."""
        at = np.asarray(rows, dtype=np.int64)
        nothing = np.zeros(len(at), dtype=np.int64)
        nothing.flags.writeable = False  # one column stands for three
        return cls(
            rows=at,
            atp=np.asarray(atp, dtype=np.int64),
            price_milli=nothing,
            found_ppm=np.full(len(at), CERTAIN_PPM, dtype=np.int64),
            markdown_milli=nothing,
            age_days=nothing,
        )
