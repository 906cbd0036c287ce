"""Calendars of working time: hours of a week, a year day by day, and which years are wanting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.clocks import public as clocks
from santong.console.forms.promises import calendar_form, terms_of
from santong.console.views.clock_policies import check_everywhere
from santong.console.views.clock_sight import EDIT, may_edit
from santong.console.views.fields import text_of, whole_number
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest

LONGEST_NAME = 80
LUNCH = "09:00-12:00 13:00-18:00"
NEW = {
    "time_zone": "Asia/Shanghai",
    **{f"day_{day}": LUNCH for day in range(5)},
    "makeup": LUNCH,
    "region": "CN",
}


@page("clocks.view")
def calendar_list(request: MerchantRequest) -> HttpResponse:
    """Every calendar, regions with their years, and the form for another calendar."""
    return list_page(request)


def list_page(
    request: MerchantRequest,
    *,
    sent: dict[str, str] | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    """Calendars; with a refusal beside the form."""
    check_everywhere(request)
    merchant_id = request.merchant_id
    found = clocks.calendars(merchant_id=merchant_id)
    regions = sorted({each.calendar.terms.region for each in found} - {""})
    values = {
        "calendars": found,
        "regions": [
            (region, clocks.known_years(merchant_id=merchant_id, region=region))
            for region in regions
        ],
        "wanting": clocks.years_wanting(merchant_id=merchant_id, now=datetime.now(UTC)),
        "days": range(7),
        "sent": sent or {**NEW, "code": "", "name": ""},
        "may_edit": may_edit(request),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "clocks/calendars", values, section="work_calendars", status=status)


@page("clocks.view")
def calendar_detail(request: MerchantRequest, calendar_code: str) -> HttpResponse:
    """One calendar: a year day by day, and the form that changes it."""
    return calendar_page(request, calendar_code)


def calendar_page(
    request: MerchantRequest,
    calendar_code: str,
    *,
    sent: dict[str, str] | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    """One calendar; with a refusal beside the form."""
    check_everywhere(request)
    named = clocks.calendar_by_code(merchant_id=request.merchant_id, code=calendar_code)
    year = _asked_year(request)
    known = {each.year for each in named.calendar.years}
    days = clocks.year_view(merchant_id=request.merchant_id, code=named.code, year=year)
    values: dict[str, Any] = {
        "calendar": named,
        "year": year,
        "years": [each for each in (year - 1, year + 1) if _is_ours(each)],
        "is_known": not named.calendar.terms.region or year in known,
        "months": _months(days),
        "differing": [day for day in days if day.is_ != "usual"],
        "workdays": sum(bool(day.hours) for day in days),
        "sent": sent or calendar_form(named),
        "days": range(7),
        "may_edit": may_edit(request),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "clocks/calendar", values, section="work_calendars", status=status)


@page(EDIT, method="POST")
def calendar_create(request: MerchantRequest) -> HttpResponse:
    """Make a calendar."""
    check_everywhere(request)
    sent = request.POST.dict()
    code = sent.get("code", "").strip()

    def write() -> None:
        clocks.create_calendar(
            merchant_id=request.merchant_id,
            code=code,
            name=text_of(request, "name", longest=LONGEST_NAME),
            terms=terms_of(sent),
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("The calendar is made. Policies can go by it."),
        where=f"/console/work-calendars/{code}/",
        again=lambda refused: list_page(request, sent=sent, refused=refused),
    )


@page(EDIT, method="POST")
def calendar_change(request: MerchantRequest, calendar_code: str) -> HttpResponse:
    """Let a calendar go by other hours from now on."""
    check_everywhere(request)
    sent = request.POST.dict()

    def write() -> None:
        clocks.change_calendar(
            merchant_id=request.merchant_id,
            code=calendar_code,
            name=text_of(request, "name", longest=LONGEST_NAME),
            terms=terms_of(sent),
            expected_version=whole_number(request, "version", least=1, most=2**31 - 1),
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Changed. Clocks that run follow within a minute; what they have counted stays."),
        where=f"/console/work-calendars/{calendar_code}/",
        again=lambda refused: calendar_page(request, calendar_code, sent=sent, refused=refused),
    )


def _asked_year(request: MerchantRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0  # noqa: PLR2004  digits of a year
    return year if _is_ours(year) else timezone.localdate().year


def _is_ours(year: int) -> bool:
    return clocks.FIRST_YEAR <= year <= clocks.LAST_YEAR


def _months(days: Sequence[clocks.DayOfYear]) -> list[tuple[date, range, list[clocks.DayOfYear]]]:
    """Days by month, with as many gaps before the first as the week has days before it."""
    found = []
    for _month, each in groupby(days, key=lambda day: day.on.month):
        month = list(each)
        found.append((month[0].on, range(month[0].on.weekday()), month))
    return found
