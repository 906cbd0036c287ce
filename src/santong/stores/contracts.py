"""What other contexts know of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

LocationKind = Literal["store", "warehouse"]
Capability = Literal["ship", "pickup", "courier", "returns"]
Precision = Literal["district", "city", "province", "country"]

# By weekday ("mon" … "sun"): intervals of local time, "10:00" to "22:00". An interval that does not
# end after it begins ends on the next day. None means that the place never closes.
Hours = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A place that holds stock (库存地点): a store or a warehouse.

    `brand_id` and `dealer_id` say whose it is; without a dealer it is the merchant's own.
    `is_open` is the switch that takes a place out of work, apart from its hours.
    `daily_capacity` counts orders a day, None means without limit. `accept_rate_ppm` is the chance
    that an offer is accepted and the goods are found, before anything is known of the goods.
    """

    id: int
    code: str
    name: str
    kind: LocationKind
    brand_id: int | None
    dealer_id: int | None
    latitude: float
    longitude: float
    country: str
    province: str
    city: str
    district: str
    address: str
    timezone: str
    hours: Hours | None
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
    version: int


class LocationChanges(TypedDict, total=False):
    """What is to be different of a place; what is not named stays."""

    name: str
    kind: LocationKind
    brand_id: int | None
    dealer_id: int | None
    latitude: float
    longitude: float
    country: str
    province: str
    city: str
    district: str
    address: str
    timezone: str
    hours: Hours | None
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


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationRow:
    """One row of an import. Without coordinates, the place is looked up by its address."""

    code: str
    name: str
    kind: str
    latitude: float | None = None
    longitude: float | None = None
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    timezone: str = "Asia/Shanghai"
    brand_code: str = ""
    dealer_code: str = ""
    hours: Hours | None = None
    daily_capacity: int | None = None
    can_ship: bool = True
    can_pickup: bool = True
    can_courier: bool = False
    accepts_returns: bool = True
    serves_radius_metres: int | None = None
    parcel_cost_minor: int = 0
    handling_cost_minor: int = 0
    accept_rate_ppm: int = 1_000_000
    is_open: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What an import did."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """A place and how far it is, in a straight line over the ground."""

    location_id: int
    distance_metres: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """A point (WGS-84, degrees), and how much of the address it stands for."""

    latitude: float
    longitude: float
    precision: Precision
