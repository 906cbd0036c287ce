"""Years of regions over HTTP: what is known, what a file would change, and taking it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.clocks import contracts
from santong.clocks.api.calendars import Year
from santong.clocks.api.routes import Body, Version, router, seen_everywhere
from santong.clocks.errors import YearRefused
from santong.clocks.rules.fields import check_region
from santong.clocks.rules.library import library_days
from santong.clocks.rules.year_files import LONGEST_FILE, days_or_refused
from santong.clocks.selectors.calendars import known_years
from santong.clocks.selectors.years import library_offers, preview_year, years_wanting
from santong.clocks.services import load_year as loading
from santong.kernel.http.auth import MerchantRequest, requires


class HolidayDay(Body):
    """A day on which a region does not work as its weekday says."""

    on: date
    kind: contracts.DayKind
    name: Annotated[str, Field(max_length=contracts.LONGEST_NAME)] = ""


class YearFileIn(Body):
    """The days of a year: a CSV with the columns date, kind (holiday, makeup) and name."""

    csv: Annotated[str, Field(max_length=LONGEST_FILE)]


class LibraryYearIn(Body):
    """A year that came with the product; the version that was looked at, 0 for none."""

    expected_version: Version


class HolidayYearIn(YearFileIn):
    """The days of a year, and the version that was looked at: 0 for a year that nobody told."""

    expected_version: Version


class KnownYearOut(Schema):
    """A year of a region as it is known now."""

    region: str
    year: int
    version: int
    source: contracts.YearSource
    loaded_at: datetime
    days: list[HolidayDay]


class KnownYearsOut(Schema):
    """Years of a region: known, wanting, and to be had from what came with the product."""

    items: list[KnownYearOut]
    wanting: list[int]
    library: list[int]


class DayChangeOut(Schema):
    """How a day would be told anew; null: as its weekday says."""

    on: date
    before: HolidayDay | None
    after: HolidayDay | None


class MovedClockOut(Schema):
    """A clock that would be due at another time."""

    subject: str
    term: str
    before: datetime | None
    after: datetime | None


class YearPreviewOut(Schema):
    """What taking a file would change. `version` is what `expected_version` has to say."""

    version: int
    changes: list[DayChangeOut]
    calendar_codes: list[str]
    clocks_live: int
    clocks_tried: int
    clocks_moved: int
    moved: list[MovedClockOut]


@router.get("/holiday-regions/{region}/years", response=KnownYearsOut, auth=requires("clocks.view"))
def list_known_years(request: MerchantRequest, region: str) -> Any:
    """What is known of a region's years, and which of them are wanting."""
    seen_everywhere(request)
    check_region(region)
    merchant_id = request.merchant_id
    return {
        "items": known_years(merchant_id=merchant_id, region=region),
        "wanting": years_wanting(merchant_id=merchant_id, now=datetime.now(UTC)).get(region, []),
        "library": library_offers(merchant_id=merchant_id, region=region),
    }


@router.post(
    "/holiday-regions/{region}/years/{year}/previews",
    response=YearPreviewOut,
    auth=requires("clocks.edit"),
)
def preview_known_year(request: MerchantRequest, region: str, year: Year, body: YearFileIn) -> Any:
    """Say what a file would change: days, and clocks that run. Keeps nothing."""
    seen_everywhere(request)
    check_region(region)
    return preview_year(
        merchant_id=request.merchant_id,
        region=region,
        year=year,
        days=days_or_refused(text=body.csv, year=year),
        now=datetime.now(UTC),
    )


@router.put(
    "/holiday-regions/{region}/years/{year}", response=KnownYearOut, auth=requires("clocks.edit")
)
def load_known_year(request: MerchantRequest, region: str, year: Year, body: HolidayYearIn) -> Any:
    """Take over the holidays of a year; clocks that run follow, and keep what has passed."""
    seen_everywhere(request)
    return _load(
        request, region, year, days_or_refused(text=body.csv, year=year), body.expected_version
    )


@router.post(
    "/holiday-regions/{region}/years/{year}/library",
    response=KnownYearOut,
    auth=requires("clocks.edit"),
)
def load_library_year(
    request: MerchantRequest, region: str, year: Year, body: LibraryYearIn
) -> Any:
    """Take over a year as it came with the product."""
    seen_everywhere(request)
    days = library_days(year=year) if region == "CN" else ()
    if not days:
        raise YearRefused(mistakes=[{"line": 1, "why": "empty", "said": ""}])
    return _load(request, region, year, days, body.expected_version, source="library")


def _load(
    request: MerchantRequest,
    region: str,
    year: int,
    days: Sequence[contracts.DifferentDay],
    expected_version: int,
    *,
    source: contracts.YearSource = "file",
) -> contracts.KnownYear:
    return loading.load_year(
        merchant_id=request.merchant_id,
        region=region,
        year=year,
        days=days,
        expected_version=expected_version,
        source=source,
        now=datetime.now(UTC),
    )
