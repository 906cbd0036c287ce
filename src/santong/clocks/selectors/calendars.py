"""Calendars as they hold now, and as they held."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from santong.clocks import contracts
from santong.clocks.models import Calendar, CalendarDay, CalendarVersion, CalendarYear
from santong.clocks.rules.working_time import WorkingTime
from santong.kernel.errors import NoSuch
from santong.kernel.remembered import Remembered

# A version never changes; what was laid out of it is kept for as long.
_working: Remembered[tuple[int, int], WorkingTime] = Remembered(seconds=3_600, most=2_000)


def calendars(*, merchant_id: int) -> list[contracts.NamedCalendar]:
    """Every calendar as it holds now, oldest first."""
    rows = Calendar.objects.of_merchant(merchant_id).filter(version__gt=0).order_by("id")
    return _named(merchant_id, list(rows))


def calendar_by_code(*, merchant_id: int, code: str) -> contracts.NamedCalendar:
    """A calendar as it holds now. Raises NoSuch."""
    rows = Calendar.objects.of_merchant(merchant_id).filter(code=code, version__gt=0)
    found = _named(merchant_id, list(rows))
    if not found:
        raise NoSuch(kind="calendar", key=code[: contracts.LONGEST_CODE])
    return found[0]


def working_times(*, merchant_id: int, version_ids: Iterable[int]) -> dict[int, WorkingTime]:
    """Versions of calendars, ready to be asked."""
    return {
        version_id: _working.get(
            (merchant_id, version_id),
            lambda wanted=version_id: WorkingTime(_calendar_of(merchant_id, wanted)),  # type: ignore[misc]
        )
        for version_id in set(version_ids)
    }


def current_version_ids(*, merchant_id: int) -> dict[int, int]:
    """The version that holds now by calendar."""
    rows = CalendarVersion.objects.of_merchant(merchant_id)
    newest = rows.order_by("calendar_id", "-version").distinct("calendar_id")
    return dict(newest.values_list("calendar_id", "id"))


def known_years(*, merchant_id: int, region: str) -> list[contracts.KnownYear]:
    """The years of a region as they are known now, in order."""
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(region=region)
    newest = list(rows.order_by("year", "-version").distinct("year"))
    return years_of(merchant_id, newest)


def newest_year_ids(*, merchant_id: int, region: str) -> list[int]:
    """The newest version of each year of a region, by year."""
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(region=region)
    return list(rows.order_by("year", "-version").distinct("year").values_list("id", flat=True))


def _named(merchant_id: int, rows: Collection[Calendar]) -> list[contracts.NamedCalendar]:
    versions = {
        (row.calendar_id, row.version): row
        for row in CalendarVersion.objects.of_merchant(merchant_id).filter(
            calendar__in=[row.id for row in rows]
        )
    }
    return [
        contracts.NamedCalendar(
            id=row.id,
            code=row.code,
            name=row.name,
            version=row.version,
            version_id=versions[row.id, row.version].id,
            calendar=_calendar(merchant_id, versions[row.id, row.version]),
        )
        for row in rows
    ]


def _calendar_of(merchant_id: int, version_id: int) -> contracts.Calendar:
    return _calendar(
        merchant_id, CalendarVersion.objects.of_merchant(merchant_id).get(id=version_id)
    )


def _calendar(merchant_id: int, row: CalendarVersion) -> contracts.Calendar:
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(id__in=row.year_ids)
    years = years_of(merchant_id, list(rows.order_by("year"))) if row.year_ids else []
    return contracts.Calendar(terms=row.as_terms(), years=tuple(years))


def years_of(merchant_id: int, rows: Collection[CalendarYear]) -> list[contracts.KnownYear]:
    """Versions of years with their days."""
    days: dict[int, list[contracts.DifferentDay]] = {row.id: [] for row in rows}
    found = CalendarDay.objects.of_merchant(merchant_id).filter(year__in=days)
    for day in found.order_by("on"):
        days[day.year_id].append(day.as_contract())
    return [
        contracts.KnownYear(
            region=row.region,
            year=row.year,
            version=row.version,
            source=contracts.YEAR_SOURCES[contracts.YEAR_SOURCES.index(row.source)],
            loaded_at=row.loaded_at,
            days=tuple(days[row.id]),
        )
        for row in rows
    ]


def year_view(*, merchant_id: int, code: str, year: int) -> list[contracts.DayOfYear]:
    """Every day of a year as a calendar sees it now. Raises NoSuch."""
    named = calendar_by_code(merchant_id=merchant_id, code=code)
    return list(WorkingTime(named.calendar).year_view(year))
