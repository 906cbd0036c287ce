"""When technicians work: hours, leave, holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.fieldservice import contracts
from santong.fieldservice.api.routes import (
    Body,
    Name,
    Reason,
    check_whole,
    router,
    seen_by,
    seen_technician,
    shown,
)
from santong.fieldservice.selectors import people
from santong.fieldservice.services import keep_calendar as keeping
from santong.kernel.errors import NoSuch, PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of

EDIT, VIEW = "visits.edit", "visits.view"


class HoursOut(Schema):
    """An interval of local time on the days of an RFC 5545 rule."""

    rule: str
    begins: str
    ends: str
    valid_from: date
    valid_until: date | None = None


class HoursIn(Body):
    """An interval of local time on the days of an RFC 5545 rule: `FREQ=WEEKLY;BYDAY=MO,TU`."""

    rule: Annotated[str, Field(min_length=1, max_length=200)]
    begins: str
    ends: str
    valid_from: date
    valid_until: date | None = None


class CalendarIn(Body):
    """All intervals; several on one day leave breaks between them."""

    hours: Annotated[list[HoursIn], Field(max_length=50)]


class LeaveOut(Schema):
    """A time in which somebody is away."""

    id: str
    starts_at: datetime
    ends_at: datetime
    reason: str


class LeaveIn(Body):
    """A time in which somebody is away."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: Reason


class HolidayOut(Schema):
    """A day on which nobody of a provider works."""

    on: date
    name: str


class HolidayIn(Body):
    """A day on which nobody of a provider works."""

    on: date
    name: Name


@router.get("/technicians/{technician_id}/hours", response=list[HoursOut], auth=requires(VIEW))
def show_hours(request: MerchantRequest, technician_id: str) -> Any:
    """When a technician works."""
    person = seen_technician(request, technician_id)
    rows = people.hours_of(merchant_id=request.merchant_id, technician_id=person.id)
    return [shown(row, HoursOut, []) for row in rows]


@router.post("/technicians/{technician_id}/hours", response=list[HoursOut], auth=requires(EDIT))
def set_hours(request: MerchantRequest, technician_id: str, body: CalendarIn) -> Any:
    """These intervals and no others."""
    person = seen_technician(request, technician_id)
    _check_own(request, person)
    keeping.set_hours(
        merchant_id=request.merchant_id,
        technician_id=person.id,
        hours=[contracts.Hours(**each.dict()) for each in body.hours],
        now=datetime.now(UTC),
    )
    return show_hours(request, technician_id)


@router.get("/technicians/{technician_id}/leave", response=list[LeaveOut], auth=requires(VIEW))
def list_leave(request: MerchantRequest, technician_id: str) -> Any:
    """When a technician is away, the latest first."""
    person = seen_technician(request, technician_id)
    rows = people.leave_of(merchant_id=request.merchant_id, technician_id=person.id)
    return [shown(row, LeaveOut, ["id"]) for row in rows]


@router.post("/technicians/{technician_id}/leave", response=LeaveOut, auth=requires(EDIT))
def add_leave(request: MerchantRequest, technician_id: str, body: LeaveIn) -> Any:
    """Somebody is away; what is booked in that time is for a dispatcher to move."""
    person = seen_technician(request, technician_id)
    _check_own(request, person)
    row = keeping.add_leave(
        merchant_id=request.merchant_id,
        technician_id=person.id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return shown(row, LeaveOut, ["id"])


@router.post(
    "/technicians/{technician_id}/leave/{leave_id}/remove",
    response=list[LeaveOut],
    auth=requires(EDIT),
)
def remove_leave(request: MerchantRequest, technician_id: str, leave_id: str) -> Any:
    """Somebody is there after all."""
    person = seen_technician(request, technician_id)
    _check_own(request, person)
    wanted = id_of(leave_id, kind="leave")
    known = people.leave_of(merchant_id=request.merchant_id, technician_id=person.id)
    if wanted not in {each.id for each in known}:
        raise NoSuch(kind="leave", key=leave_id)
    keeping.remove_leave(merchant_id=request.merchant_id, leave_id=wanted, now=datetime.now(UTC))
    return list_leave(request, technician_id)


@router.get("/service-providers/{code}/holidays", response=list[HolidayOut], auth=requires(VIEW))
def list_holidays(request: MerchantRequest, code: str) -> Any:
    """The days on which nobody of a provider works."""
    provider = people.provider_by_code(
        merchant_id=request.merchant_id, code=code, sight=seen_by(request)
    )
    rows = people.holidays_of(merchant_id=request.merchant_id, provider_id=provider.id)
    return [shown(row, HolidayOut, []) for row in rows]


@router.post("/service-providers/{code}/holidays", response=list[HolidayOut], auth=requires(EDIT))
def add_holiday(request: MerchantRequest, code: str, body: HolidayIn) -> Any:
    """Nobody of a provider works on a day."""
    check_whole(request, EDIT)
    keeping.add_holiday(
        merchant_id=request.merchant_id,
        provider_code=code,
        on=body.on,
        name=body.name,
        now=datetime.now(UTC),
    )
    return list_holidays(request, code)


def _check_own(request: MerchantRequest, person: contracts.Technician) -> None:
    """A provider looks after its own people; a shop only sees them. Raises PermissionMissing."""
    sight = seen_by(request)
    if not sight.is_whole and person.provider_id not in sight.provider_ids:
        raise PermissionMissing(permission=EDIT)
