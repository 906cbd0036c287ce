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


def insert_year(
    *,
    merchant_id: int,
    region: str,
    year: int,
    version: int,
    source: contracts.YearSource,
    days: Sequence[contracts.DifferentDay],
    now: datetime,
) -> CalendarYear:
    """Write a version of a year. Emits YearLoaded."""
    row = CalendarYear.objects.create(
        merchant_id=merchant_id,
        region=region,
        year=year,
        version=version,
        source=source,
        content_hash=content_hash(days),
        loaded_at=now,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(merchant_id=merchant_id, year=row, on=day.on, kind=day.kind, name=day.name)
        for day in days
    )
    outbox.publish(YearLoaded(region=region, year=year, version=version, source=source), now=now)
    return row


def bring_library_years(*, merchant_id: int, region: str, now: datetime) -> list[int]:
    """Take over the years that the library knows and the merchant does not; say which."""
    if region != REGION:
        return []
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(region=region)
    known = set(rows.values_list("year", flat=True))
    missing = [year for year in library_years() if year not in known]
    for year in missing:
        insert_year(
            merchant_id=merchant_id,
            region=region,
            year=year,
            version=1,
            source="library",
            days=library_days(year),
            now=now,
        )
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
