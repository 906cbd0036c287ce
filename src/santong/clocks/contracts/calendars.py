"""Working time as data: hours of a week, days that differ, years of a region that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

# Minutes since midnight by the wall clock, the end excluded; 1440 is the end of the day.
Interval = tuple[int, int]
Hours = tuple[Interval, ...]
# Monday first.
Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]

DayKind = Literal["holiday", "makeup"]
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
# What a day of a year is to a calendar: `own` is a day that the calendar itself says differs.
DayIs = Literal["usual", "holiday", "makeup", "own"]
YearSource = Literal["library", "file"]
YEAR_SOURCES: tuple[YearSource, ...] = get_args(YearSource)

CLOSED: Week = ((), (), (), (), (), (), ())
DAY_MINUTES = 24 * 60
LONGEST_CODE = 40
LONGEST_NAME = 80
LONGEST_REGION = 10
LONGEST_ZONE = 60
LONGEST_REASON = 200
MOST_INTERVALS = 6
MOST_OWN_DAYS = 400
MOST_DAYS_OF_A_YEAR = 200
FIRST_YEAR = 1990
LAST_YEAR = 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentDay:
    """A day on which a region does not work as its weekday says: a holiday, or made up for one."""

    on: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownYear:
    """A year of a region whose holidays somebody told us; a version of it never changes."""

    region: str
    year: int
    version: int
    source: YearSource
    loaded_at: datetime
    days: tuple[DifferentDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """A day on which a calendar has hours of its own; none is closed."""

    on: date
    hours: Hours
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a calendar says: its hours in its own time, and which region's holidays it keeps.

    On a holiday it has `holiday_hours` (none: closed), on a make-up workday `makeup_hours`,
    whatever the weekday. Without a region it knows no holidays. Always open is always open.
    """

    time_zone: str
    weekly: Week = CLOSED
    makeup_hours: Hours = ()
    holiday_hours: Hours = ()
    region: str = ""
    own_days: tuple[OwnDay, ...] = ()
    is_always_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar in one version, with the years that its region is known for."""

    terms: Terms
    years: tuple[KnownYear, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCalendar:
    """A calendar as it holds now."""

    id: int
    code: str
    name: str
    version: int
    version_id: int
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfYear:
    """One day as a calendar sees it."""

    on: date
    is_: DayIs
    name: str
    hours: Hours
