"""Calendars over HTTP: hours as people write them, days of a year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, cast

from ninja import Path, Schema, Status
from pydantic import Field

from santong.clocks import contracts
from santong.clocks.api.routes import Body, Code, Name, Reason, Version, router, seen_everywhere
from santong.clocks.rules.hours import read_hours, written_hours
from santong.clocks.rules.working_time import WorkingTime
from santong.clocks.selectors.calendars import calendar_by_code, calendars
from santong.clocks.services import change_calendar as changing
from santong.clocks.services import create_calendar as making
from santong.kernel.http.auth import MerchantRequest, requires

# Hours of a day: `09:00-12:00 13:00-18:00`; nothing is closed.
HoursText = Annotated[str, Field(max_length=120)]
Year = Annotated[int, Path(ge=contracts.FIRST_YEAR, le=contracts.LAST_YEAR)]


class CalendarOwnDayIn(Body):
    """A day on which a calendar has hours of its own; none is closed."""

    on: date
    hours: HoursText = ""
    name: Annotated[str, Field(max_length=contracts.LONGEST_NAME)] = ""


class WorkCalendarTermsIn(Body):
    """What a calendar says: hours of seven days, Monday first; without a region no holidays."""

    name: Name
    time_zone: Annotated[str, Field(max_length=contracts.LONGEST_ZONE)] = "Asia/Shanghai"
    weekly: Annotated[list[HoursText], Field(min_length=7, max_length=7)]
    makeup_hours: HoursText = ""
    holiday_hours: HoursText = ""
    region: Annotated[str, Field(max_length=contracts.LONGEST_REGION)] = ""
    own_days: Annotated[
        list[CalendarOwnDayIn], Field(default_factory=list, max_length=contracts.MOST_OWN_DAYS)
    ]
    is_always_open: bool = False


class WorkCalendarIn(WorkCalendarTermsIn):
    """A calendar to be made."""

    code: Code


class WorkCalendarChangeIn(WorkCalendarTermsIn):
    """What a calendar is to say instead of the version that was looked at."""

    version: Version
    reason: Reason


class CalendarOwnDayOut(Schema):
    """A day on which a calendar has hours of its own."""

    on: date
    hours: str
    name: str


class WorkCalendarOut(Schema):
    """A calendar as it holds now, with the years that its region is known for."""

    id: str
    code: str
    name: str
    version: int
    time_zone: str
    weekly: list[str]
    makeup_hours: str
    holiday_hours: str
    region: str
    own_days: list[CalendarOwnDayOut]
    is_always_open: bool
    known_years: list[int]


class WorkCalendarsOut(Schema):
    """Every calendar."""

    items: list[WorkCalendarOut]


class CalendarDayOut(Schema):
    """A day as a calendar sees it: usual, a holiday, made up for one, or its own."""

    on: date
    kind: contracts.DayIs
    name: str
    hours: str


class YearViewOut(Schema):
    """A year as a calendar sees it. If nobody told the year, it goes by the weekdays alone."""

    calendar: str
    year: int
    is_known: bool
    days: list[CalendarDayOut]


@router.get("/work-calendars", response=WorkCalendarsOut, auth=requires("clocks.view"))
def list_work_calendars(request: MerchantRequest) -> Any:
    """Every calendar of working time."""
    seen_everywhere(request)
    return {"items": [_shown(each) for each in calendars(merchant_id=request.merchant_id)]}


@router.post("/work-calendars", response={201: WorkCalendarOut}, auth=requires("clocks.edit"))
def create_work_calendar(request: MerchantRequest, body: WorkCalendarIn) -> Any:
    """Make a calendar; one of mainland China begins with the years that came with the product."""
    seen_everywhere(request)
    made = making.create_calendar(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        terms=_terms(body),
        now=datetime.now(UTC),
    )
    return Status(201, _shown(made))


@router.get(
    "/work-calendars/{calendar_code}", response=WorkCalendarOut, auth=requires("clocks.view")
)
def show_work_calendar(request: MerchantRequest, calendar_code: str) -> Any:
    """One calendar as it holds now."""
    seen_everywhere(request)
    return _shown(calendar_by_code(merchant_id=request.merchant_id, code=calendar_code))


@router.put(
    "/work-calendars/{calendar_code}", response=WorkCalendarOut, auth=requires("clocks.edit")
)
def change_work_calendar(
    request: MerchantRequest, calendar_code: str, body: WorkCalendarChangeIn
) -> Any:
    """Let a calendar go by other hours from now on; clocks that run follow and keep what passed."""
    seen_everywhere(request)
    changed = changing.change_calendar(
        merchant_id=request.merchant_id,
        code=calendar_code,
        name=body.name,
        terms=_terms(body),
        expected_version=body.version,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _shown(changed)


@router.get(
    "/work-calendars/{calendar_code}/years/{year}",
    response=YearViewOut,
    auth=requires("clocks.view"),
)
def show_year_of_calendar(request: MerchantRequest, calendar_code: str, year: Year) -> Any:
    """Every day of a year as a calendar sees it."""
    seen_everywhere(request)
    named = calendar_by_code(merchant_id=request.merchant_id, code=calendar_code)
    terms = named.calendar.terms
    is_known = not terms.region or year in {each.year for each in named.calendar.years}
    return {
        "calendar": named.code,
        "year": year,
        "is_known": is_known,
        "days": [
            {
                "on": day.on,
                "kind": day.is_,
                "name": day.name,
                "hours": written_hours(hours=day.hours),
            }
            for day in WorkingTime(named.calendar).year_view(year)
        ],
    }


def _terms(body: WorkCalendarTermsIn) -> contracts.Terms:
    weekly = tuple(
        read_hours(text=text, pointer=f"/weekly/{place}") for place, text in enumerate(body.weekly)
    )
    return contracts.Terms(
        time_zone=body.time_zone,
        weekly=cast("contracts.Week", weekly),
        makeup_hours=read_hours(text=body.makeup_hours, pointer="/makeup_hours"),
        holiday_hours=read_hours(text=body.holiday_hours, pointer="/holiday_hours"),
        region=body.region,
        own_days=tuple(
            contracts.OwnDay(
                on=day.on,
                hours=read_hours(text=day.hours, pointer=f"/own_days/{place}/hours"),
                name=day.name,
            )
            for place, day in enumerate(body.own_days)
        ),
        is_always_open=body.is_always_open,
    )


def _shown(named: contracts.NamedCalendar) -> dict[str, Any]:
    terms = named.calendar.terms
    return {
        "id": str(named.id),
        "code": named.code,
        "name": named.name,
        "version": named.version,
        "time_zone": terms.time_zone,
        "weekly": [written_hours(hours=hours) for hours in terms.weekly],
        "makeup_hours": written_hours(hours=terms.makeup_hours),
        "holiday_hours": written_hours(hours=terms.holiday_hours),
        "region": terms.region,
        "own_days": [
            {"on": day.on, "hours": written_hours(hours=day.hours), "name": day.name}
            for day in terms.own_days
        ],
        "is_always_open": terms.is_always_open,
        "known_years": [each.year for each in named.calendar.years],
    }
