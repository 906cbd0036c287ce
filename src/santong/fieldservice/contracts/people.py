"""Who comes, what they can do, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

LONGEST_CODE = 40
LONGEST_NAME = 80

TerritoryKind = Literal["polygon", "radius", "districts"]
TERRITORY_KINDS: tuple[TerritoryKind, ...] = get_args(TerritoryKind)


class Point(NamedTuple):
    """A point on the ground (WGS-84, degrees)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How a provider's people get about: the way is longer than the crow's, and has its start."""

    detour_percent: int = 140
    metres_per_minute: int = 400
    fixed_minutes: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A company whose technicians come to buyers, or the merchant's own (服务商)."""

    id: int
    code: str
    name: str
    speed: Speed
    staff_ids: tuple[int, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One interval of local time, on the days that an RFC 5545 rule names."""

    rule: str
    begins: str
    ends: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A time in which a technician does not work, whatever the hours say."""

    id: int
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which nobody of a provider works."""

    on: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Where somebody goes: cells of the h3 grid, or districts by their names."""

    id: int
    code: str
    name: str
    kind: TerritoryKind
    cells: tuple[str, ...]
    districts: tuple[str, ...]
    drawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Technician:
    """Somebody who comes (师傅)."""

    id: int
    provider_id: int
    provider_code: str
    code: str
    name: str
    skills: tuple[str, ...]
    home: Point
    territory_id: int | None
    staff_id: int | None
    is_working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewServiceType:
    """What is done at the buyer's, and what it takes.

    A preparation comes before what was sold: that it was accepted says nothing of goods or stages.
    """

    code: str
    name: str
    work_minutes: int
    skills: tuple[str, ...] = ()
    before_minutes: int = 0
    after_minutes: int = 10
    window_minutes: int = 120
    needs_goods_arrived: bool = False
    needs_code: bool = True
    needs_photos: bool = False
    is_preparation: bool = False
    notice_hours: int = 2
    free_change_hours: int = 24
    late_fee_minor: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceType(NewServiceType):
    """A kind of service, as it is kept."""

    id: int
