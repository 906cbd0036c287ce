"""Working time: how much of it lies between two instants, and when so much of it has passed.

Instants are whole seconds since 1970. Intervals of a year are laid out once, with what was worked
before each; a question is then two searches and a sum of years, however far apart the instants.

On the night in which an hour comes twice, an interval begins with the first of the two and ends
with the second; an hour that is left out shortens it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from santong.clocks.contracts import Calendar, DayIs, DayOfYear, Hours

DAY_SECONDS: Final = 86_400
# What takes longer than this is never due; what was shut for so long stays shut: weeks repeat.
MOST_YEARS: Final = 200
MOST_IDLE_YEARS: Final = 8
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_LAST_YEAR: Final = 9990


@dataclass(frozen=True, slots=True)
class _Year:
    """Intervals of one local year in order, with what was worked by the end of each."""

    begins: list[int]
    ends: list[int]
    worked_by_end: list[int]

    @property
    def total(self) -> int:
        return self.worked_by_end[-1] if self.worked_by_end else 0

    def worked_by(self, at: int) -> int:
        """What was worked of the year before an instant."""
        place = bisect_right(self.begins, at) - 1
        if place < 0:
            return 0
        return self.worked_by_end[place] - max(0, self.ends[place] - at)

    def when(self, worked: int) -> int:
        """The first instant by which so much was worked; the year has as much."""
        place = bisect_left(self.worked_by_end, worked)
        return self.ends[place] - (self.worked_by_end[place] - worked)


class WorkingTime:
    """A version of a calendar, ready to be asked."""

    __slots__ = ("_days", "_is_always_open", "_known", "_region", "_weekly", "_years", "_zone")

    def __init__(self, calendar: Calendar) -> None:
        terms = calendar.terms
        self._zone = ZoneInfo(terms.time_zone)
        self._weekly = terms.weekly
        self._is_always_open = terms.is_always_open
        self._region = terms.region
        self._known = frozenset(year.year for year in calendar.years)
        self._days = _days_that_differ(calendar)
        self._years: dict[int, _Year] = {}

    def worked(self, begins: int, ends: int) -> int:
        """Seconds of working time from one instant to another; nothing backwards."""
        if ends <= begins:
            return 0
        if self._is_always_open:
            return ends - begins
        first, last = self._year_of(begins), self._year_of(ends)
        between = sum(self._year(year).total for year in range(first, last))
        return between + self._year(last).worked_by(ends) - self._year(first).worked_by(begins)

    def when(self, begins: int, seconds: int) -> int | None:
        """The first instant by which so much was worked since `begins`; None if that never is."""
        if seconds <= 0:
            return begins
        if self._is_always_open:
            return begins + seconds
        first = self._year_of(begins)
        wanted = seconds + self._year(first).worked_by(begins)
        idle = 0
        for year in range(first, min(first + MOST_YEARS, _LAST_YEAR)):
            found = self._year(year)
            if wanted <= found.total:
                return found.when(wanted)
            wanted -= found.total
            idle = 0 if found.total else idle + 1
            if idle > MOST_IDLE_YEARS:
                return None
        return None

    def open_from(self, at: int) -> int | None:
        """The first instant from `at` on at which there is work: `at` itself if there is."""
        soonest = self.when(at, 1)
        return None if soonest is None else soonest - 1

    def unknown_years(self, begins: int, ends: int) -> tuple[int, ...]:
        """Years between two instants whose holidays the calendar keeps and nobody has told it."""
        if not self._region or self._is_always_open:
            return ()
        years = range(self._year_of(begins), self._year_of(max(begins, ends)) + 1)
        return tuple(year for year in years if year not in self._known)

    def year_view(self, year: int) -> Iterator[DayOfYear]:
        """Every day of a year as the calendar sees it."""
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            yield self.day_view(date.fromordinal(ordinal))

    def day_view(self, on: date) -> DayOfYear:
        """One day as the calendar sees it."""
        if self._is_always_open:
            return DayOfYear(on=on, is_="usual", name="", hours=((0, 1440),))
        found = self._days.get(on.toordinal())
        if found is None:
            return DayOfYear(on=on, is_="usual", name="", hours=self._weekly[on.weekday()])
        return found

    def _year_of(self, at: int) -> int:
        return datetime.fromtimestamp(at, self._zone).year

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._lay_out(year)
        return found

    def _lay_out(self, year: int) -> _Year:
        begins: list[int] = []
        ends: list[int] = []
        last = -(1 << 62)
        for start, end in self._intervals(year):
            # Two intervals that meet inside an hour that comes twice would share it.
            starts = max(start, last)
            if starts < end:
                begins.append(starts)
                ends.append(end)
                last = end
        lengths = (end - start for start, end in zip(begins, ends, strict=True))
        return _Year(begins, ends, list(accumulate(lengths)))

    def _intervals(self, year: int) -> Iterator[tuple[int, int]]:
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        offset = self._offset(first)
        weekday = first.weekday()
        for ordinal in range(first.toordinal(), after.toordinal()):
            found = self._days.get(ordinal)
            hours = self._weekly[weekday] if found is None else found.hours
            weekday = (weekday + 1) % 7
            next_offset = self._offset(date.fromordinal(ordinal + 1))
            midnight = (ordinal - _EPOCH_DAY) * DAY_SECONDS
            if offset == next_offset:
                for start, end in hours:
                    yield midnight + start * 60 - offset, midnight + end * 60 - offset
            elif hours:
                yield from self._on_a_night_of_change(midnight, hours, offset, next_offset)
            offset = next_offset

    def _on_a_night_of_change(
        self, midnight: int, hours: Hours, before: int, after: int
    ) -> Iterator[tuple[int, int]]:
        """Intervals of a day on which the clock is put forward or back."""
        change = self._change(midnight - before, midnight + DAY_SECONDS - after)
        for start, end in hours:
            starts, ends = midnight + start * 60, midnight + end * 60
            begins = starts - before
            if begins >= change:
                begins = max(starts - after, change)
            finishes = ends - after
            if finishes <= change:
                finishes = min(ends - before, change)
            yield begins, finishes

    def _change(self, lower: int, upper: int) -> int:
        """The instant between two at which the zone's offset changes."""
        lower -= 1
        before = datetime.fromtimestamp(lower, self._zone).utcoffset()
        while upper - lower > 1:
            middle = (lower + upper) // 2
            if datetime.fromtimestamp(middle, self._zone).utcoffset() == before:
                lower = middle
            else:
                upper = middle
        return upper

    def _offset(self, on: date) -> int:
        """Seconds that the wall clock is ahead of UTC as the day begins."""
        ahead = datetime(on.year, on.month, on.day, tzinfo=self._zone).utcoffset()
        return (ahead or timedelta()) // timedelta(seconds=1)


def seconds_of(instant: datetime) -> int:
    """Whole seconds since 1970; fractions are cut off."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def instant_of(seconds: int) -> datetime:
    """An instant of so many seconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _days_that_differ(calendar: Calendar) -> dict[int, DayOfYear]:
    terms = calendar.terms
    hours: dict[DayIs, Hours] = {"holiday": terms.holiday_hours, "makeup": terms.makeup_hours}
    found = {
        day.on.toordinal(): DayOfYear(on=day.on, is_=day.kind, name=day.name, hours=hours[day.kind])
        for year in calendar.years
        for day in year.days
    }
    for day in terms.own_days:
        found[day.on.toordinal()] = DayOfYear(on=day.on, is_="own", name=day.name, hours=day.hours)
    return found
