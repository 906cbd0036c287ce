"""A year of a region, as it is kept: in a version of its own, and in calendars that go by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from santong.clocks import contracts
from santong.clocks.events import YearLoaded
from santong.clocks.models import (
    Calendar,
    CalendarDay,
    CalendarVersion,
    CalendarYear,
)
from santong.clocks.rules.library import REGION, library_days, library_years
from santong.clocks.selectors.calendars import newest_year_ids
from santong.kernel import outbox


def content_hash(days: Sequence[contracts.DifferentDay]) -> str:
    """What makes two files of a year the same one."""
    said = [[day.on.isoformat(), day.kind, day.name] for day in days]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def insert_year(*, merchant_id: int, told: contracts.KnownYear, now: datetime) -> CalendarYear:
    """Write a version of a year. Emits YearLoaded."""
    row = CalendarYear.objects.create(
        merchant_id=merchant_id,
        region=told.region,
        year=told.year,
        version=told.version,
        source=told.source,
        content_hash=content_hash(told.days),
        loaded_at=now,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(merchant_id=merchant_id, year=row, on=day.on, kind=day.kind, name=day.name)
        for day in told.days
    )
    loaded = YearLoaded(
        region=told.region, year=told.year, version=told.version, source=told.source
    )
    outbox.publish(loaded, now=now)
    return row


def bring_library_years(*, merchant_id: int, region: str, now: datetime) -> list[int]:
    """Take over the years that the library knows and the merchant does not; say which."""
    if region != REGION:
        return []
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(region=region)
    known = set(rows.values_list("year", flat=True))
    missing = [year for year in library_years() if year not in known]
    for year in missing:
        told = contracts.KnownYear(
            region=region,
            year=year,
            version=1,
            source="library",
            loaded_at=now,
            days=library_days(year=year),
        )
        insert_year(merchant_id=merchant_id, told=told, now=now)
    return missing


def add_version(calendar: Calendar, *, terms: contracts.Terms, said: object, now: datetime) -> None:
    """Let a locked calendar say something new from now on; `said` is `terms` as JSON."""
    year_ids = newest_year_ids(merchant_id=calendar.merchant_id, region=terms.region)
    calendar.version += 1
    calendar.save()
    CalendarVersion.objects.create(
        merchant_id=calendar.merchant_id,
        calendar=calendar,
        version=calendar.version,
        terms=said,
        region=terms.region,
        year_ids=year_ids if terms.region else [],
        holds_from=now,
    )
