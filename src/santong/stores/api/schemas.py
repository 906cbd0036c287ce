"""What is sent and answered about places."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from santong.stores import contracts
from santong.stores.rules.hours import MOST_INTERVALS
from santong.stores.rules.rows import LARGEST_BY_COLUMN, LONGEST_BY_COLUMN

MOST_ROWS = 5_000

Switch = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True)]
Degrees = Annotated[float, Field(strict=True)]
Id = Annotated[str, Field(pattern="^[0-9]{1,19}$")]
Clock = Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Day = Annotated[tuple[tuple[Clock, Clock], ...], Field(max_length=MOST_INTERVALS)]


def _text(column: str, *, shortest: int = 0) -> Any:
    return Field(min_length=shortest, max_length=LONGEST_BY_COLUMN[column])


def _number(column: str) -> Any:
    return Field(strict=True, ge=0, le=LARGEST_BY_COLUMN[column])


def unsent() -> Any:
    """A field that is only there when it was sent; its default is nobody's."""
    return Field(default_factory=lambda: None)


class In(Schema):
    """What is sent says nothing that is not understood."""

    model_config = ConfigDict(extra="forbid")


class HoursBody(In):
    """Intervals of local time by weekday; a day that is left out is closed.

    An interval that does not end after it begins ends on the next day.
    """

    mon: Day = ()
    tue: Day = ()
    wed: Day = ()
    thu: Day = ()
    fri: Day = ()
    sat: Day = ()
    sun: Day = ()


class LocationFilters(Schema):
    """Which places; `search` is the beginning of a code or city, or part of a name."""

    search: Annotated[str, Field(max_length=100)] = ""
    kind: contracts.LocationKind | None = None
    is_open: bool | None = None
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NearestFilters(Schema):
    """Nearest to what, and able to do what."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    capability: contracts.Capability | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class LocationOut(Schema):
    id: str
    code: str
    name: str
    kind: contracts.LocationKind
    brand_id: str | None
    dealer_id: str | None
    latitude: float
    longitude: float
    country: str
    province: str
    city: str
    district: str
    address: str
    timezone: str
    hours: HoursBody | None
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


class NearOut(Schema):
    location_id: str
    code: str
    name: str
    kind: contracts.LocationKind
    latitude: float
    longitude: float
    province: str
    city: str
    district: str
    address: str
    distance_metres: int


class NearestOut(Schema):
    items: list[NearOut]


class LocationIn(In):
    """A new place. Without hours it never closes; without a radius it serves everywhere."""

    code: Annotated[str, _text("code", shortest=1)]
    name: Annotated[str, _text("name", shortest=1)]
    kind: contracts.LocationKind
    latitude: Annotated[Degrees, Field(ge=-90, le=90)]
    longitude: Annotated[Degrees, Field(ge=-180, le=180)]
    brand_id: Id | None = None
    dealer_id: Id | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"
    province: Annotated[str, _text("province")] = ""
    city: Annotated[str, _text("city")] = ""
    district: Annotated[str, _text("district")] = ""
    address: Annotated[str, _text("address")] = ""
    timezone: Annotated[str, _text("timezone", shortest=1)] = "Asia/Shanghai"
    hours: HoursBody | None = None
    daily_capacity: Annotated[int, _number("daily_capacity")] | None = None
    can_ship: Switch = True
    can_pickup: Switch = True
    can_courier: Switch = False
    accepts_returns: Switch = True
    serves_radius_metres: Annotated[int, _number("serves_radius_metres")] | None = None
    parcel_cost_minor: Annotated[int, _number("parcel_cost_minor")] = 0
    handling_cost_minor: Annotated[int, _number("handling_cost_minor")] = 0
    accept_rate_ppm: Annotated[int, _number("accept_rate_ppm")] = 1_000_000
    is_open: Switch = True


class LocationPatch(In):
    """What is to be different; what is not sent stays."""

    name: Annotated[str, _text("name", shortest=1)] = unsent()
    kind: contracts.LocationKind = unsent()
    brand_id: Id | None = unsent()
    dealer_id: Id | None = unsent()
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] = unsent()
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] = unsent()
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = unsent()
    province: Annotated[str, _text("province")] = unsent()
    city: Annotated[str, _text("city")] = unsent()
    district: Annotated[str, _text("district")] = unsent()
    address: Annotated[str, _text("address")] = unsent()
    timezone: Annotated[str, _text("timezone", shortest=1)] = unsent()
    hours: HoursBody | None = unsent()
    daily_capacity: Annotated[int, _number("daily_capacity")] | None = unsent()
    can_ship: Switch = unsent()
    can_pickup: Switch = unsent()
    can_courier: Switch = unsent()
    accepts_returns: Switch = unsent()
    serves_radius_metres: Annotated[int, _number("serves_radius_metres")] | None = unsent()
    parcel_cost_minor: Annotated[int, _number("parcel_cost_minor")] = unsent()
    handling_cost_minor: Annotated[int, _number("handling_cost_minor")] = unsent()
    accept_rate_ppm: Annotated[int, _number("accept_rate_ppm")] = unsent()
    is_open: Switch = unsent()


class LocationRowIn(In):
    """A row. Without coordinates, the place is looked up by its district or city."""

    code: str
    name: str
    kind: str
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    timezone: str = "Asia/Shanghai"
    brand_code: str = ""
    dealer_code: str = ""
    hours: dict[str, list[list[str]]] | None = None
    daily_capacity: Count | None = None
    can_ship: Switch = True
    can_pickup: Switch = True
    can_courier: Switch = False
    accepts_returns: Switch = True
    serves_radius_metres: Count | None = None
    parcel_cost_minor: Count = 0
    handling_cost_minor: Count = 0
    accept_rate_ppm: Count = 1_000_000
    is_open: Switch = True


class LocationImportIn(In):
    rows: Annotated[list[LocationRowIn], Field(min_length=1, max_length=MOST_ROWS)]


class LocationImportOut(Schema):
    created: int
    changed: int
    unchanged: int
