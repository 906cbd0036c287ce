"""Days and months where the programme lives. Nothing here knows what day it is."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MONTHS = 12


@lru_cache(maxsize=100)
def zone(name: str) -> ZoneInfo:
    """A time zone by its name."""
    return ZoneInfo(name)


def day_of(instant: datetime, *, timezone: str) -> date:
    """Which day it is there at an instant."""
    return instant.astimezone(zone(timezone)).date()


def start_of(day: date, *, timezone: str) -> datetime:
    """The instant at which a day begins there."""
    return datetime.combine(day, time.min, tzinfo=zone(timezone)).astimezone(UTC)


def end_of(day: date, *, timezone: str) -> datetime:
    """The instant at which a day has ended there; the day is before it, not at it."""
    return start_of(day + timedelta(days=1), timezone=timezone)


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_birthday(day: date, *, birthday: date) -> bool:
    """Whether somebody has a birthday; of 29 February, on the 28th where there is no 29th."""
    return day == plus_months(birthday, (day.year - birthday.year) * MONTHS)
