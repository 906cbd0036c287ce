"""Time as whole minutes: what rules calculate with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 1_440


class Span(NamedTuple):
    """From one minute to another, counted since 1970 in UTC; the end is excluded."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def minute_of(at: datetime) -> int:
    """The minute in which an instant lies."""
    return int(at.timestamp()) // 60


def minute_from(at: datetime) -> int:
    """The first minute that begins at an instant or later."""
    return -(-int(at.timestamp()) // 60)


def instant_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def local_minute(day: date, minute_of_day: int, zone: ZoneInfo) -> int:
    """A time of a local day, as a minute; on a day that springs forward it is the later one."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if minute_of_day < MINUTES_OF_DAY:
        hours, minutes = divmod(minute_of_day, 60)
        return minute_of(midnight.replace(hour=hours, minute=minutes))
    return local_minute(day + timedelta(days=1), minute_of_day - MINUTES_OF_DAY, zone)


def day_span(day: date, zone: ZoneInfo) -> Span:
    """A whole local day."""
    return Span(local_minute(day, 0, zone), local_minute(day + timedelta(days=1), 0, zone))
