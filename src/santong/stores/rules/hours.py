"""Opening hours: several intervals a day in the place's own time, over midnight and clock changes.

An interval that does not end after it begins ends on the next day; "24:00" is the end of a day,
and "00:00" to "24:00" is all of it. On the night in which an hour comes twice, an interval begins
with the first of the two and ends with the second; an hour that is left out shortens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from santong.stores.contracts import Hours

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES: Final = 24 * 60
MOST_INTERVALS: Final = 6
# Closed on seven days and open on the eighth is closed for ever: weeks repeat.
_DAYS_LOOKED_AHEAD: Final = 8

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


def wrong_hours(hours: object) -> str:
    """What is wrong with hours as they were sent: a stable word, empty when nothing is."""
    if hours is None:
        return ""
    if not isinstance(hours, Mapping):
        return "hours"
    for day, intervals in cast("Mapping[object, object]", hours).items():
        if reason := _wrong_day(day, intervals):
            return reason
    return "overlap" if _overlaps(cast("Hours", hours)) else ""


def normal_hours(hours: Hours | None) -> Hours | None:
    """Good hours with the days in order, the intervals sorted, and closed days left out."""
    if hours is None:
        return None
    return {
        day: tuple(sorted((begins, ends) for begins, ends in hours[day]))
        for day in WEEKDAYS
        if hours.get(day)
    }


def is_open_at(*, hours: Hours | None, timezone: str, at: datetime) -> bool:
    """Whether an instant lies in an interval; the instant at which one ends is outside."""
    if hours is None:
        return True
    return any(begins <= at < ends for begins, ends in _around(hours, zone(timezone), at, days=1))


def next_opening(*, hours: Hours | None, timezone: str, after: datetime) -> datetime | None:
    """The first instant from `after` on at which the place is open: `after` itself if it is.

    None when it never opens.
    """
    if hours is None:
        return after
    coming = [
        max(begins, after)
        for begins, ends in _around(hours, zone(timezone), after, days=_DAYS_LOOKED_AHEAD)
        if ends > after
    ]
    return min(coming, default=None)


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises ValueError for what is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(name) from None


def _around(
    hours: Hours, place_zone: ZoneInfo, at: datetime, *, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Intervals as instants, from the local day before `at` to some days after."""
    today = at.astimezone(place_zone).date()
    for offset in range(-1, days + 1):
        day = today + timedelta(days=offset)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  the place's wall clock
        for begins, ends in hours.get(WEEKDAYS[day.weekday()], ()):
            start, end = _minutes(begins, ends)
            first = _instant(midnight + timedelta(minutes=start), place_zone, fold=0)
            last = _instant(midnight + timedelta(minutes=end), place_zone, fold=1)
            if first < last:
                yield first, last


def _instant(wall_clock: datetime, place_zone: ZoneInfo, *, fold: int) -> datetime:
    """When the wall clock shows this. What it never shows begins or ends where it jumps."""
    local = wall_clock.replace(tzinfo=place_zone, fold=fold)
    instant = local.astimezone(UTC)
    if instant.astimezone(place_zone).replace(tzinfo=None) != wall_clock:
        return _jump(wall_clock, place_zone)
    return instant


def _jump(wall_clock: datetime, place_zone: ZoneInfo) -> datetime:
    """The instant at which the clock is put forward over this time: the two readings enclose it."""
    after = wall_clock.replace(tzinfo=place_zone, fold=0).astimezone(UTC)
    before = wall_clock.replace(tzinfo=place_zone, fold=1).astimezone(UTC)
    offset_before = before.astimezone(place_zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(place_zone).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _minutes(begins: str, ends: str) -> tuple[int, int]:
    """Minutes since midnight; the end lies after the beginning, on the next day if it must."""
    start, end = _minute(begins), _minute(ends)
    return (start, end) if end > start else (start, end + DAY_MINUTES)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _wrong_day(day: object, intervals: object) -> str:
    if day not in WEEKDAYS:
        return "weekday"
    if not isinstance(intervals, list | tuple):
        return "intervals"
    each = cast("Sequence[object]", intervals)
    if len(each) > MOST_INTERVALS:
        return "intervals"
    return "" if all(map(_is_interval, each)) else "interval"


def _is_interval(interval: object) -> bool:
    match interval:
        case [str(begins), str(ends)]:
            good = _CLOCK.fullmatch(begins) and _CLOCK.fullmatch(ends)
            return bool(good) and begins != "24:00"
        case _:
            return False


def _overlaps(hours: Hours) -> bool:
    """Whether two intervals of the week share a minute; Sunday night runs into Monday."""
    week: list[tuple[int, int]] = []
    for number, day in enumerate(WEEKDAYS):
        for begins, ends in hours.get(day, ()):
            start, end = _minutes(begins, ends)
            week.append((number * DAY_MINUTES + start, number * DAY_MINUTES + end))
    week.sort()
    if week:
        week.append((week[0][0] + 7 * DAY_MINUTES, week[0][1] + 7 * DAY_MINUTES))
    return any(end > start for (_, end), (start, _) in pairwise(week))
