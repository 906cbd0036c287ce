"""Holidays of a year: handed in as a small file, looked at, and taken."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.clocks import public as clocks
from santong.console.views.clock_policies import check_everywhere
from santong.console.views.clock_sight import EDIT, may_edit, numbers_of
from santong.console.views.fields import whole_number
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest

LONGEST = 100_000


@page("clocks.view")
def years(request: MerchantRequest, region: str) -> HttpResponse:
    """Years of a region: known, wanting, and the form that takes a file."""
    return years_page(request, region)


def years_page(
    request: MerchantRequest,
    region: str,
    *,
    refused: DomainError | None = None,
    preview: clocks.YearPreview | None = None,
    text: str = "",
    year: int = 0,
) -> HttpResponse:
    """Years of a region; with what a file would change, or what is wrong with it."""
    check_everywhere(request)
    merchant_id, now = request.merchant_id, datetime.now(UTC)
    known = clocks.known_years(merchant_id=merchant_id, region=region)
    wanting = clocks.years_wanting(merchant_id=merchant_id, now=now).get(region, [])
    values: dict[str, Any] = {
        "region": region,
        "known": sorted(known, key=lambda each: -each.year),
        "wanting": wanting,
        "library": clocks.library_offers(merchant_id=merchant_id, region=region),
        "year": year or next(iter(wanting), timezone.localdate().year),
        "preview": preview,
        "numbers": numbers_of(request, [each.subject for each in preview.moved] if preview else []),
        "text": text,
        "mistakes": getattr(refused, "mistakes", []),
        "may_edit": may_edit(request),
        "refusal": sentence_of(refused) if refused else "",
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "clocks/years", values, section="work_calendars", status=status)


@page(EDIT, method="POST")
def preview_file(request: MerchantRequest, region: str) -> HttpResponse:
    """Show what a file would change: days, and clocks that run. Nothing is kept."""
    check_everywhere(request)
    text, year = _text(request), 0
    try:
        year = _year(request)
        preview = clocks.preview_year(
            merchant_id=request.merchant_id,
            region=region,
            year=year,
            days=clocks.days_or_refused(text=text, year=year),
            now=datetime.now(UTC),
        )
    except DomainError as refused:
        return years_page(request, region, refused=refused, text=text, year=year)
    return years_page(request, region, preview=preview, text=text, year=year)


@page(EDIT, method="POST")
def take_file(request: MerchantRequest, region: str) -> HttpResponse:
    """Take what was looked at; refused if somebody else was quicker."""
    check_everywhere(request)
    text = _text(request)

    def write() -> None:
        year = _year(request)
        clocks.load_year(
            merchant_id=request.merchant_id,
            region=region,
            year=year,
            days=clocks.days_or_refused(text=text, year=year),
            expected_version=whole_number(request, "version", least=0, most=2**31 - 1),
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Taken. Clocks that run follow within a minute; what they have counted stays."),
        where=f"/console/holiday-years/{region}/",
        again=lambda refused: years_page(request, region, refused=refused, text=text),
    )


def _text(request: MerchantRequest) -> str:
    """What was pasted, or a file."""
    file = request.FILES.get("file")
    if file is not None:
        return clocks.text_of(content=file.read(LONGEST + 1))
    return str(request.POST.get("text", "")).replace("\r\n", "\n")[: LONGEST + 1]


def _year(request: MerchantRequest) -> int:
    return whole_number(request, "year", least=clocks.FIRST_YEAR, most=clocks.LAST_YEAR)
