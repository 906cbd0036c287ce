"""Years of regions: which are known, which are wanting, and what another file would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.clocks import contracts
from santong.clocks.models import CalendarYear, Clock
from santong.clocks.rules.library import REGION, library_days, library_years
from santong.clocks.rules.working_time import WorkingTime, instant_of, seconds_of
from santong.clocks.rules.year_files import DayChange, changes
from santong.clocks.selectors.calendars import calendars, known_years, years_of
from santong.clocks.selectors.standing import books, events_of

MOST_CLOCKS_TRIED: Final = 2_000
MOST_CLOCKS_SHOWN: Final = 20
# From October on the next year is wanting: the State Council tells it in November.
_ASKED_FROM_MONTH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClock:
    """A clock that would be due at another time."""

    subject: str
    term: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPreview:
    """What would change if days were taken for a year: days, and clocks that run.

    `clocks_moved` of the `clocks_tried` nearest their due time would be due at another time; the
    first few are shown.
    """

    version: int
    changes: Sequence[DayChange]
    calendar_codes: Sequence[str]
    clocks_live: int
    clocks_tried: int
    clocks_moved: int
    moved: Sequence[MovedClock]


def year_or_none(*, merchant_id: int, region: str, year: int) -> contracts.KnownYear | None:
    """A year of a region as it is known now, if it is."""
    rows = CalendarYear.objects.of_merchant(merchant_id).filter(region=region, year=year)
    newest = rows.order_by("-version").first()
    return None if newest is None else years_of(merchant_id, [newest])[0]


def years_wanting(*, merchant_id: int, now: datetime) -> dict[str, list[int]]:
    """Years that calendars need and nobody has told, by region: this one, and the next in autumn.

    Also those into which the due time of a live clock reaches.
    """
    needed = {now.year} | ({now.year + 1} if now.month >= _ASKED_FROM_MONTH else set())
    live = Clock.objects.of_merchant(merchant_id).filter(state__in=("running", "paused"))
    reached = set(live.filter(unknown_year__isnull=False).values_list("unknown_year", flat=True))
    found: dict[str, list[int]] = {}
    for region in sorted(
        {each.calendar.terms.region for each in calendars(merchant_id=merchant_id)}
    ):
        if region:
            known = {year.year for year in known_years(merchant_id=merchant_id, region=region)}
            missing = sorted((needed | {year for year in reached if year}) - known)
            if missing:
                found[region] = missing
    return found


def _regions(merchant_id: int) -> set[str]:
    return {each.calendar.terms.region for each in calendars(merchant_id=merchant_id)}


def library_offers(*, merchant_id: int, region: str) -> list[int]:
    """Years that came with the product and are not known yet, or are known otherwise."""
    if region != REGION:
        return []
    known = {year.year: year.days for year in known_years(merchant_id=merchant_id, region=region)}
    return [year for year in library_years() if known.get(year) != library_days(year=year)]


def preview_year(
    *,
    merchant_id: int,
    region: str,
    year: int,
    days: Sequence[contracts.DifferentDay],
    now: datetime,
) -> YearPreview:
    """What taking these days for a year would change. Changes nothing."""
    known = year_or_none(merchant_id=merchant_id, region=region, year=year)
    concerned = [
        each for each in calendars(merchant_id=merchant_id) if each.calendar.terms.region == region
    ]
    tried = {each.version_id: _with_year(each, region, year, days, now) for each in concerned}
    live = Clock.objects.of_merchant(merchant_id).filter(
        state__in=("running", "paused"), calendar_version__in=list(tried)
    )
    looked = list(live.order_by("due_at", "id")[:MOST_CLOCKS_TRIED])
    moved = _moved(merchant_id, looked, tried, now=now)
    return YearPreview(
        version=0 if known is None else known.version,
        changes=changes(() if known is None else known.days, days),
        calendar_codes=[each.code for each in concerned],
        clocks_live=live.count(),
        clocks_tried=len(looked),
        clocks_moved=len(moved),
        moved=moved[:MOST_CLOCKS_SHOWN],
    )


def _with_year(
    named: contracts.NamedCalendar,
    region: str,
    year: int,
    days: Sequence[contracts.DifferentDay],
    now: datetime,
) -> WorkingTime:
    told = contracts.KnownYear(
        region=region, year=year, version=0, source="file", loaded_at=now, days=tuple(days)
    )
    others = [each for each in named.calendar.years if each.year != year]
    return WorkingTime(contracts.Calendar(terms=named.calendar.terms, years=(*others, told)))


def _moved(
    merchant_id: int, rows: Sequence[Clock], tried: dict[int, WorkingTime], *, now: datetime
) -> list[MovedClock]:
    """Clocks that would be due at another time if their calendar changed now."""
    at = seconds_of(now)
    recorded = events_of(merchant_id=merchant_id, clock_ids=[row.id for row in rows])
    happened = {row.id: [each.as_event() for each in recorded[row.id]] for row in rows}
    found = books(merchant_id=merchant_id, events=[each for of in happened.values() for each in of])
    # What is tried has no version yet: it is known by a number below all versions.
    trial = found.with_calendars({-version_id: each for version_id, each in tried.items()})
    moved: list[MovedClock] = []
    for row in rows:
        assert row.calendar_version_id is not None
        change = contracts.Event(kind="calendar_change", at=at, calendar=-row.calendar_version_id)
        due = trial.evaluation([*happened[row.id], change], now=at).due_at
        after = None if due is None else instant_of(due)
        if after != row.due_at:
            moved.append(
                MovedClock(subject=row.subject, term=row.term, before=row.due_at, after=after)
            )
    return moved
