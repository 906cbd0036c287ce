"""All places of a merchant as arrays, and the nearest of them to a point.

The earth is a sphere of the mean radius. Distances are exact on it: from the straight chord between
two points of the unit sphere, which stays accurate from a metre to the antipodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from santong.stores.contracts import Capability, Hours, LocationKind, Near
from santong.stores.rules.hours import is_open_at

EARTH_RADIUS_METRES: Final = 6_371_008.8
EVERYWHERE: Final = 2**31 - 1
UNLIMITED: Final = 2**31 - 1
BIT_BY_CAPABILITY: Final[Mapping[Capability, int]] = {
    "ship": 1,
    "pickup": 2,
    "courier": 4,
    "returns": 8,
}

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a place is open: its hours, and the zone in which they are meant."""

    hours: Hours | None
    timezone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What the map shows of one place."""

    id: int
    code: str
    kind: LocationKind
    brand_id: int | None
    dealer_id: int | None
    latitude: float
    longitude: float
    hours: Hours | None
    timezone: str
    daily_capacity: int | None
    can_ship: bool
    can_pickup: bool
    can_courier: bool
    accepts_returns: bool
    serves_radius_metres: int | None
    parcel_cost_minor: int
    handling_cost_minor: int
    accept_rate_ppm: int
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LocationMap:
    """Every place of a merchant at one moment, sorted by id. The arrays cannot be written.

    `latitudes` and `longitudes` are in radians, `vectors` on the unit sphere. `capabilities` has
    the bits of `BIT_BY_CAPABILITY`. Brands and dealers of 0 mean none. `daily_capacities` of
    `UNLIMITED` and `serves_radii_metres` of `EVERYWHERE` mean just that. `schedules` are the
    different ones; `schedule_numbers` says which of them a place keeps.
    """

    version: int
    ids: Integers
    latitudes: Floats
    longitudes: Floats
    vectors: Floats
    capabilities: Integers
    is_warehouse: Bools
    is_open: Bools
    brand_ids: Integers
    dealer_ids: Integers
    daily_capacities: Integers
    serves_radii_metres: Integers
    parcel_costs_minor: Integers
    handling_costs_minor: Integers
    accept_rates_ppm: Integers
    schedule_numbers: Integers
    schedules: tuple[Schedule, ...]
    id_by_code: Mapping[str, int]

    def positions_of(self, *, location_ids: Sequence[int] | Integers) -> Integers:
        """Where places stand in the arrays; a place that is not on the map is at -1."""
        wanted = np.asarray(location_ids, dtype=np.int64)
        if not len(self.ids):
            return np.full(wanted.shape, -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        positions: Integers = np.where(self.ids[places] == wanted, places, -1)
        return positions

    def distances_metres(self, *, latitude: float, longitude: float) -> Integers:
        """How far every place is from a point, to the metre."""
        return _metres(self._chords_squared(latitude, longitude))

    def open_at(self, *, at: datetime) -> Bools:
        """Which places are in work and inside their hours at an instant."""
        if not len(self.ids):
            return self.is_open
        keeps = [
            is_open_at(hours=schedule.hours, timezone=schedule.timezone, at=at)
            for schedule in self.schedules
        ]
        within: Bools = self.is_open & np.array(keeps)[self.schedule_numbers]
        return within

    def nearest(
        self,
        *,
        latitude: float,
        longitude: float,
        limit: int,
        capability: Capability | None = None,
    ) -> list[Near]:
        """The nearest places in work that can do something, nearest first, then by id.

        Places that ship or send couriers only within a radius are left out beyond it.
        """
        chords = self._chords_squared(latitude, longitude)
        positions = np.flatnonzero(self._can(capability, chords))
        positions = positions[_nearest_with_ties(chords[positions], limit)]
        metres = _metres(chords[positions])
        order = np.lexsort((self.ids[positions], metres))[:limit]
        return [
            Near(location_id=int(self.ids[positions[place]]), distance_metres=int(metres[place]))
            for place in order
        ]

    def _can(self, capability: Capability | None, chords: Floats) -> Bools:
        if capability is None:
            return self.is_open
        can: Bools = self.is_open & ((self.capabilities & BIT_BY_CAPABILITY[capability]) != 0)
        if capability in {"ship", "courier"} and (self.serves_radii_metres < EVERYWHERE).any():
            can &= _metres(chords) <= self.serves_radii_metres
        return can

    def _chords_squared(self, latitude: float, longitude: float) -> Floats:
        apart = self.vectors - unit_vectors(
            latitudes=np.radians([latitude]), longitudes=np.radians([longitude])
        )
        chords: Floats = np.einsum("ij,ij->i", apart, apart)
        return chords


def drawn(*, places: Sequence[Place], version: int) -> LocationMap:
    """Draw a map of places."""
    ordered = sorted(places, key=lambda place: place.id)
    latitudes = np.radians(np.array([place.latitude for place in ordered], dtype=np.float64))
    longitudes = np.radians(np.array([place.longitude for place in ordered], dtype=np.float64))
    schedules, schedule_numbers = _schedules(ordered)
    return LocationMap(
        version=version,
        ids=_column([place.id for place in ordered]),
        latitudes=_frozen(latitudes),
        longitudes=_frozen(longitudes),
        vectors=_frozen(unit_vectors(latitudes=latitudes, longitudes=longitudes)),
        capabilities=_column([_bits(place) for place in ordered]),
        is_warehouse=_flags([place.kind == "warehouse" for place in ordered]),
        is_open=_flags([place.is_open for place in ordered]),
        brand_ids=_column([place.brand_id or 0 for place in ordered]),
        dealer_ids=_column([place.dealer_id or 0 for place in ordered]),
        daily_capacities=_column([_or(place.daily_capacity, UNLIMITED) for place in ordered]),
        serves_radii_metres=_column(
            [_or(place.serves_radius_metres, EVERYWHERE) for place in ordered]
        ),
        parcel_costs_minor=_column([place.parcel_cost_minor for place in ordered]),
        handling_costs_minor=_column([place.handling_cost_minor for place in ordered]),
        accept_rates_ppm=_column([place.accept_rate_ppm for place in ordered]),
        schedule_numbers=schedule_numbers,
        schedules=schedules,
        id_by_code={place.code: place.id for place in ordered},
    )


def unit_vectors(*, latitudes: Floats, longitudes: Floats) -> Floats:
    """Points of the unit sphere, from radians: one row each."""
    flat = np.cos(latitudes)
    vectors: Floats = np.stack(
        [flat * np.cos(longitudes), flat * np.sin(longitudes), np.sin(latitudes)], axis=1
    )
    return vectors


def metres_between(
    *, latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> int:
    """The way from one point (degrees) to another over the ground, to the metre."""
    one, other = unit_vectors(
        latitudes=np.radians([latitude, other_latitude]),
        longitudes=np.radians([longitude, other_longitude]),
    )
    apart = one - other
    return int(_metres(np.array([apart @ apart]))[0])


def _nearest_with_ties(chords: Floats, limit: int) -> Integers | slice:
    """The nearest few, with all that are as far as the last of them when metres are rounded."""
    if limit >= len(chords):
        return slice(None)
    last = np.partition(chords, limit - 1)[limit - 1]
    a_metre_further = np.arcsin(min(1.0, np.sqrt(last) / 2)) + 1 / (2 * EARTH_RADIUS_METRES)
    beyond = 4.0 if a_metre_further >= np.pi / 2 else (2 * np.sin(a_metre_further)) ** 2
    return np.flatnonzero(chords <= max(beyond, last))


def _metres(chords_squared: Floats) -> Integers:
    halves = np.minimum(np.sqrt(chords_squared) / 2, 1.0)
    metres: Integers = np.rint(2 * EARTH_RADIUS_METRES * np.arcsin(halves)).astype(np.int64)
    return metres


def _schedules(places: Sequence[Place]) -> tuple[tuple[Schedule, ...], Integers]:
    number_by_key: dict[tuple[str, str], int] = {}
    schedules: list[Schedule] = []
    numbers: list[int] = []
    for place in places:
        key = (place.timezone, repr(sorted(place.hours.items())) if place.hours is not None else "")
        if key not in number_by_key:
            number_by_key[key] = len(schedules)
            schedules.append(Schedule(place.hours, place.timezone))
        numbers.append(number_by_key[key])
    return tuple(schedules), _column(numbers)


def _bits(place: Place) -> int:
    return (
        (BIT_BY_CAPABILITY["ship"] if place.can_ship else 0)
        | (BIT_BY_CAPABILITY["pickup"] if place.can_pickup else 0)
        | (BIT_BY_CAPABILITY["courier"] if place.can_courier else 0)
        | (BIT_BY_CAPABILITY["returns"] if place.accepts_returns else 0)
    )


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _column(values: Sequence[int]) -> Integers:
    column = np.array(values, dtype=np.int64)
    column.flags.writeable = False
    return column


def _flags(values: Sequence[bool]) -> Bools:
    flags = np.array(values, dtype=np.bool_)
    flags.flags.writeable = False
    return flags


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values
