"""Providers, technicians, territories and kinds of service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.fieldservice import contracts
from santong.fieldservice.api.routes import (
    Body,
    Code,
    Name,
    PointIn,
    Whole,
    check_whole,
    router,
    seen_by,
    shown,
)
from santong.fieldservice.selectors import people
from santong.fieldservice.services import keep_people as keeping
from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of

EDIT, VIEW = "visits.edit", "visits.view"
Words = Annotated[list[str], Field(max_length=500)]


class PointOut(Schema):
    """A point on the ground (WGS-84, degrees)."""

    latitude: float
    longitude: float


class SpeedOut(Schema):
    """How a provider's people get about."""

    detour_percent: int
    metres_per_minute: int
    fixed_minutes: int


class SpeedIn(Body):
    """How a provider's people get about: a detour, a speed, and a fixed part."""

    detour_percent: Annotated[int, Field(ge=100, le=1_000)] = 140
    metres_per_minute: Annotated[int, Field(ge=1, le=5_000)] = 400
    fixed_minutes: Annotated[int, Field(ge=0, le=240)] = 6


class ProviderOut(Schema):
    """A provider of services."""

    id: str
    code: str
    name: str
    speed: SpeedOut
    is_open: bool


class ProviderIn(Body):
    """A provider; `staff_ids` are the log-ins that look after its visits."""

    code: Code
    name: Name
    speed: SpeedIn = SpeedIn()
    staff_ids: Words = Field(default_factory=list[str])
    is_open: bool = True


class TechnicianOut(Schema):
    """Somebody who comes."""

    id: str
    provider_id: str
    provider_code: str
    code: str
    name: str
    skills: list[str]
    home: PointOut
    territory_id: str | None
    staff_id: str | None
    is_working: bool


class TechnicianIn(Body):
    """Somebody who comes."""

    provider_code: Code
    code: Code
    name: Name
    skills: Words = Field(default_factory=list[str])
    home: PointIn
    territory_code: Annotated[str, Field(max_length=contracts.LONGEST_CODE)] = ""
    staff_id: str | None = None
    is_working: bool = True


class TerritoryOut(Schema):
    """Where somebody goes; `cells` are compacted h3 cells."""

    id: str
    code: str
    name: str
    kind: contracts.TerritoryKind
    cells: list[str]
    districts: list[str]


class TerritoryIn(Body):
    """Corners, or a circle, or districts as addresses name them: 浙江省/杭州市/西湖区."""

    code: Code
    name: Name
    corners: Annotated[list[PointIn], Field(max_length=500)] = Field(default_factory=list[PointIn])
    middle: PointIn | None = None
    radius_metres: Whole = 0
    districts: Words = Field(default_factory=list[str])


class ServiceTypeOut(Schema):
    """A kind of service."""

    id: str
    code: str
    name: str
    work_minutes: int
    skills: list[str]
    before_minutes: int
    after_minutes: int
    window_minutes: int
    needs_goods_arrived: bool
    needs_code: bool
    needs_photos: bool
    is_preparation: bool
    notice_hours: int
    free_change_hours: int
    late_fee_minor: int
    is_open: bool


class ServiceTypeIn(Body):
    """A kind of service: how long, which skills, what has to be proved.

    A preparation (measuring, a survey) accepts nothing of what was sold.
    """

    code: Code
    name: Name
    work_minutes: Whole
    skills: Words = Field(default_factory=list[str])
    before_minutes: Whole = 0
    after_minutes: Whole = 10
    window_minutes: Whole = 120
    needs_goods_arrived: bool = False
    needs_code: bool = True
    needs_photos: bool = False
    is_preparation: bool = False
    notice_hours: Whole = 2
    free_change_hours: Whole = 24
    late_fee_minor: Whole = 0
    is_open: bool = True


@router.get("/service-providers", response=list[ProviderOut], auth=requires(VIEW))
def list_service_providers(request: MerchantRequest) -> Any:
    """The providers that the caller sees."""
    rows = people.providers(merchant_id=request.merchant_id, sight=seen_by(request))
    return [shown(row, ProviderOut, ["id"]) for row in rows]


@router.post("/service-providers", response=ProviderOut, auth=requires(EDIT))
def keep_service_provider(request: MerchantRequest, body: ProviderIn) -> Any:
    """Open a provider, or change the one of this code."""
    check_whole(request, EDIT)
    row = keeping.keep_provider(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        speed=contracts.Speed(**body.speed.dict()),
        staff_ids=[id_of(each, kind="staff") for each in body.staff_ids],
        is_open=body.is_open,
        now=datetime.now(UTC),
    )
    return shown(row, ProviderOut, ["id"])


@router.get("/technicians", response=list[TechnicianOut], auth=requires(VIEW))
def list_technicians(request: MerchantRequest) -> Any:
    """The technicians that the caller sees."""
    rows = people.technicians(merchant_id=request.merchant_id, sight=seen_by(request))
    return [_technician(row) for row in rows]


@router.post("/technicians", response=TechnicianOut, auth=requires(EDIT))
def keep_technician(request: MerchantRequest, body: TechnicianIn) -> Any:
    """Take a technician on, or change the one of this code. A provider keeps its own."""
    sight = seen_by(request)
    provider = people.provider_by_code(
        merchant_id=request.merchant_id, code=body.provider_code, sight=sight
    )
    if not sight.is_whole and provider.id not in sight.provider_ids:
        raise PermissionMissing(permission=EDIT)
    row = keeping.keep_technician(
        merchant_id=request.merchant_id,
        provider_code=body.provider_code,
        code=body.code,
        name=body.name,
        skills=body.skills,
        home=contracts.Point(body.home.latitude, body.home.longitude),
        territory_code=body.territory_code,
        staff_id=None if body.staff_id is None else id_of(body.staff_id, kind="staff"),
        is_working=body.is_working,
        now=datetime.now(UTC),
    )
    return _technician(row)


@router.get("/territories", response=list[TerritoryOut], auth=requires(VIEW))
def list_territories(request: MerchantRequest) -> Any:
    """All territories."""
    rows = people.territories(merchant_id=request.merchant_id)
    return [shown(row, TerritoryOut, ["id"]) for row in rows]


@router.post("/territories", response=TerritoryOut, auth=requires(EDIT))
def keep_territory(request: MerchantRequest, body: TerritoryIn) -> Any:
    """Keep where somebody goes."""
    check_whole(request, EDIT)
    row = keeping.keep_territory(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        corners=[contracts.Point(each.latitude, each.longitude) for each in body.corners],
        middle=contracts.Point(body.middle.latitude, body.middle.longitude)
        if body.middle
        else None,
        radius_metres=body.radius_metres,
        districts=body.districts,
        now=datetime.now(UTC),
    )
    return shown(row, TerritoryOut, ["id"])


@router.get("/service-types", response=list[ServiceTypeOut], auth=requires(VIEW))
def list_service_types(request: MerchantRequest) -> Any:
    """All kinds of service."""
    rows = people.service_types(merchant_id=request.merchant_id)
    return [shown(row, ServiceTypeOut, ["id"]) for row in rows]


@router.post("/service-types", response=ServiceTypeOut, auth=requires(EDIT))
def keep_service_type(request: MerchantRequest, body: ServiceTypeIn) -> Any:
    """Keep a kind of service, or change the one of this code."""
    check_whole(request, EDIT)
    row = keeping.keep_service_type(
        merchant_id=request.merchant_id,
        new=contracts.NewServiceType(**{**body.dict(), "skills": tuple(body.skills)}),
        now=datetime.now(UTC),
    )
    return shown(row, ServiceTypeOut, ["id"])


def _technician(row: contracts.Technician) -> dict[str, Any]:
    return shown(row, TechnicianOut, ["id", "provider_id", "territory_id", "staff_id"])
