"""A year of a region is told, or told anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from santong.clocks import contracts
from santong.clocks.errors import YearMoved
from santong.clocks.models import Calendar, CalendarVersion, CalendarYear
from santong.clocks.rules.fields import check_region
from santong.clocks.selectors.years import year_or_none
from santong.clocks.services.keep_year import add_version, content_hash, insert_year
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

_ONCE = "a_year_of_a_region_has_each_version_once"


@all_or_nothing
def load_year(
    *,
    merchant_id: int,
    region: str,
    year: int,
    days: Sequence[contracts.DifferentDay],
    expected_version: int,
    source: contracts.YearSource = "file",
    now: datetime,
) -> contracts.KnownYear:
    """Take over the holidays of a year; calendars of the region go by them from now on.

    `expected_version` is what was looked at: 0 for a year that nobody has told. The same days again
    change nothing. Clocks that run follow by themselves.

    Raises YearMoved, FieldInvalid, Busy. Emits YearLoaded. Locks calendars.
    """
    check_region(region)
    if not contracts.FIRST_YEAR <= year <= contracts.LAST_YEAR:
        raise FieldInvalid(
            pointer="/year", reason=f"{contracts.FIRST_YEAR} to {contracts.LAST_YEAR}"
        )
    calendars = list(Calendar.objects.of_merchant(merchant_id).lock())
    known = year_or_none(merchant_id=merchant_id, region=region, year=year)
    if known is not None and content_hash(known.days) == content_hash(days):
        return known
    version = 0 if known is None else known.version
    if version != expected_version:
        raise YearMoved(version=version)
    told = contracts.KnownYear(
        region=region,
        year=year,
        version=version + 1,
        source=source,
        loaded_at=now,
        days=tuple(days),
    )
    row = _insert(merchant_id, told, now=now)
    _let_calendars_know(merchant_id, calendars, region=region, now=now)
    audit.record(
        audit.Change(
            action="clocks.load_year",
            subject="calendar_year",
            subject_id=row.id,
            reason=f"{region} {year}",
            before={"version": version},
            after={"version": version + 1, "days": len(days)},
        ),
        now=now,
    )
    found = year_or_none(merchant_id=merchant_id, region=region, year=year)
    assert found is not None
    return found


def _insert(merchant_id: int, told: contracts.KnownYear, *, now: datetime) -> CalendarYear:
    """Where there is no calendar to lock, two may tell a year at once."""
    try:
        with transaction.atomic():
            return insert_year(merchant_id=merchant_id, told=told, now=now)
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == _ONCE:
            raise YearMoved(version=told.version) from None
        raise


def _let_calendars_know(
    merchant_id: int, calendars: Sequence[Calendar], *, region: str, now: datetime
) -> None:
    rows = CalendarVersion.objects.of_merchant(merchant_id).filter(region=region)
    terms = {(row.calendar_id, row.version): row for row in rows}
    for calendar in calendars:
        held = terms.get((calendar.id, calendar.version))
        if held is not None:
            add_version(calendar, terms=held.as_terms(), said=held.terms, now=now)
