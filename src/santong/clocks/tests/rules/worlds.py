"""Calendars for tests, the slow way to count, and stories of clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from santong.clocks.contracts import (
    Calendar,
    Event,
    Hours,
    KnownYear,
    OwnDay,
    Promise,
    Terms,
    Week,
)
from santong.clocks.rules.library import REGION, library_days, library_years
from santong.clocks.rules.working_time import WorkingTime, seconds_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
WITH_LUNCH: Hours = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
HOUR = 3_600
DAY = 8 * HOUR
OFFICE: Week = (WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, (), ())
KNOWN = tuple(
    KnownYear(
        region=REGION,
        year=year,
        version=1,
        source="library",
        loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
        days=library_days(year=year),
    )
    for year in library_years()
)
OFFICE_HOURS = Calendar(
    terms=Terms(time_zone="Asia/Shanghai", weekly=OFFICE, makeup_hours=WITH_LUNCH, region=REGION),
    years=KNOWN,
)
OFFICE_TIME = WorkingTime(OFFICE_HOURS)
ALWAYS = WorkingTime(Calendar(terms=Terms(time_zone="UTC", is_always_open=True)))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    """Seconds of what the wall clock shows: `2026-09-30 17:00`."""
    return seconds_of(datetime.fromisoformat(text).replace(tzinfo=zone))


def counted_slowly(terms: Terms, begins: int, ends: int, *, days: Mapping[date, Hours]) -> int:
    """Working time minute by minute, by asking the wall clock of each."""
    zone = ZoneInfo(terms.time_zone)
    return sum(
        max(0, min(ends, minute + 60) - max(begins, minute))
        for minute in range(begins // 60 * 60, ends, 60)
        if _is_open(datetime.fromtimestamp(minute, zone), terms, days)
    )


def _is_open(wall: datetime, terms: Terms, days: Mapping[date, Hours]) -> bool:
    hours = days.get(wall.date(), terms.weekly[wall.weekday()])
    minute = wall.hour * 60 + wall.minute
    return any(begins <= minute < ends for begins, ends in hours)


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> Hours:
    """Up to three intervals of a day."""
    cuts = draw(st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple((begins * 15, ends * 15) for begins, ends in pairs)


WEEK_OF_2026 = [date(2026, 2, 9) + timedelta(days=day) for day in range(14)]


@st.composite
def calendars(draw: st.DrawFn, zones: tuple[str, ...] = ("Asia/Shanghai", "UTC")) -> Calendar:
    """Some calendar: several intervals a day, holidays and days made up, days of its own."""
    weekly = tuple(draw(hours_of_a_day()) for _ in range(7))
    own = draw(st.dictionaries(st.sampled_from(WEEK_OF_2026), hours_of_a_day(), max_size=3))
    kept = draw(st.booleans())
    terms = Terms(
        time_zone=draw(st.sampled_from(zones)),
        weekly=weekly,  # type: ignore[arg-type]
        makeup_hours=draw(hours_of_a_day()),
        holiday_hours=draw(st.just(()) | hours_of_a_day()),
        region=REGION if kept else "",
        own_days=tuple(OwnDay(on=on, hours=hours) for on, hours in sorted(own.items())),
    )
    return Calendar(terms=terms, years=KNOWN if kept else ())


def days_of(calendar: Calendar) -> dict[date, Hours]:
    """The days on which a calendar does not do as the weekday says."""
    terms = calendar.terms
    hours = {"holiday": terms.holiday_hours, "makeup": terms.makeup_hours}
    told = {day.on: hours[day.kind] for year in calendar.years for day in year.days}
    return told | {day.on: day.hours for day in terms.own_days}


BEGINS = at("2026-02-10 00:00")
instants = st.integers(BEGINS, BEGINS + 9 * 86_400)
PROMISES = {
    1: Promise(target_seconds=3 * HOUR, warn_percent=50),
    2: Promise(target_seconds=40 * HOUR),
}
CALENDARS = {1: OFFICE_TIME, 2: ALWAYS}


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """A clock that was started, and whatever happened to it, told in any order."""
    start = Event(kind="start", at=draw(instants), policy=1, calendar=1)
    return [start, *draw(st.lists(happenings(), max_size=8))]


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    kind = draw(
        st.sampled_from(
            [
                "pause",
                "resume",
                "pause",
                "resume",
                "stop",
                "cancel",
                "due_change",
                "policy_change",
                "calendar_change",
            ]
        )
    )
    when = draw(instants)
    match kind:
        case "policy_change":
            policy = draw(st.sampled_from([1, 2]))
            return Event(kind="policy_change", at=when, policy=policy, calendar=policy)
        case "calendar_change":
            return Event(kind="calendar_change", at=when, calendar=draw(st.sampled_from([1, 2])))
        case "due_change":
            return Event(kind="due_change", at=when, due_at=draw(instants))
        case _:
            return Event(kind=kind, at=when)  # type: ignore[arg-type]
