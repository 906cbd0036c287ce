"""Working time adds up, by any calendar and over any time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.clocks.contracts import Calendar, Terms
from santong.clocks.rules.working_time import WorkingTime
from santong.clocks.tests.rules.worlds import (
    ALWAYS,
    BEGINS,
    DAY,
    HOUR,
    OFFICE,
    OFFICE_TIME,
    at,
    calendars,
    counted_slowly,
    days_of,
    instants,
)

NEW_YORK = ZoneInfo("America/New_York")
ALL_DAY = ((0, 1440),)
CHANGING = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut")


class Case(NamedTuple):
    name: str
    begins: str
    ends: str
    seconds: int


CASES = [
    Case("a morning", "2026-03-02 09:00", "2026-03-02 12:00", 3 * HOUR),
    Case("lunch is nobody's time", "2026-03-02 11:30", "2026-03-02 13:30", HOUR),
    Case("a night", "2026-03-02 18:00", "2026-03-03 09:00", 0),
    Case("a week-end", "2026-03-06 17:00", "2026-03-09 10:00", 2 * HOUR),
    Case("the National Day", "2026-09-30 17:00", "2026-10-08 10:00", 2 * HOUR),
    Case("a Sunday that is made up", "2026-09-20 00:00", "2026-09-21 00:00", DAY),
    Case("Spring Festival", "2026-02-14 00:00", "2026-02-24 10:00", DAY + HOUR),
    Case("backwards", "2026-03-03 09:00", "2026-03-02 09:00", 0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_worked(case: Case) -> None:
    assert OFFICE_TIME.worked(at(case.begins), at(case.ends)) == case.seconds


@given(calendar=calendars(), begins=instants, length=st.integers(0, 3 * 86_400))
def test_the_quick_way_counts_what_the_slow_way_counts(
    calendar: Calendar, begins: int, length: int
) -> None:
    slowly = counted_slowly(calendar.terms, begins, begins + length, days=days_of(calendar))

    assert WorkingTime(calendar).worked(begins, begins + length) == slowly


@given(calendar=calendars(CHANGING), day=st.integers(0, 364), length=st.integers(0, 2 * 86_400))
def test_nights_on_which_the_clock_is_changed_count_like_others(
    calendar: Calendar, day: int, length: int
) -> None:
    begins = BEGINS + day * 86_400 + 1_234
    quickly = WorkingTime(calendar).worked(begins, begins + length)
    slowly = counted_slowly(calendar.terms, begins, begins + length, days=days_of(calendar))

    # An interval begins and ends once, where the wall clock shows its end or beginning twice.
    assert quickly >= slowly
    assert quickly - slowly <= 3_600


@given(calendar=calendars(), cuts=st.lists(instants, min_size=2, max_size=8).map(sorted))
def test_however_it_is_cut_the_parts_make_up_the_whole(calendar: Calendar, cuts: list[int]) -> None:
    time = WorkingTime(calendar)

    parts = sum(time.worked(a, b) for a, b in pairwise(cuts))

    assert parts == time.worked(cuts[0], cuts[-1])


@given(
    years=st.tuples(st.integers(1990, 2100), st.integers(0, 60)),
    day=st.integers(0, 364),
    between=st.floats(0, 1),
)
def test_years_add_up_as_days_do(years: tuple[int, int], day: int, between: float) -> None:
    begins = at(f"{years[0]}-01-01 00:00") + day * 86_400
    ends = begins + years[1] * 365 * 86_400
    middle = begins + int((ends - begins) * between)

    parts = OFFICE_TIME.worked(begins, middle) + OFFICE_TIME.worked(middle, ends)

    assert parts == OFFICE_TIME.worked(begins, ends)


@given(calendar=calendars(), begins=instants, seconds=st.integers(1, 2 * 86_400))
def test_what_is_counted_until_it_is_due_is_what_was_promised(
    calendar: Calendar, begins: int, seconds: int
) -> None:
    time = WorkingTime(calendar)

    due = time.when(begins, seconds)

    if any(calendar.terms.weekly):
        assert due is not None
        assert time.worked(begins, due) == seconds
        assert time.worked(begins, due - 1) == seconds - 1


@given(begins=instants, seconds=st.integers(1, 30 * 365 * 86_400))
def test_a_due_time_far_away_is_found_as_exactly(begins: int, seconds: int) -> None:
    due = OFFICE_TIME.when(begins, seconds)

    assert due is not None
    assert OFFICE_TIME.worked(begins, due) == seconds


def test_a_calendar_that_is_never_open_has_no_due_time() -> None:
    time = WorkingTime(Calendar(terms=Terms(time_zone="UTC")))

    assert time.when(BEGINS, 1) is None
    assert time.open_from(BEGINS) is None


@given(calendar=calendars(), instant=instants)
def test_it_is_open_at_the_instant_from_which_it_is(calendar: Calendar, instant: int) -> None:
    time = WorkingTime(calendar)

    opens = time.open_from(instant)

    if opens is not None:
        assert opens >= instant
        assert time.worked(instant, opens) == 0
        assert time.worked(opens, opens + 1) == 1


def test_always_open_counts_every_second() -> None:
    assert ALWAYS.worked(BEGINS, BEGINS + 86_400) == 86_400
    assert ALWAYS.when(BEGINS, 86_400) == BEGINS + 86_400


def test_a_day_on_which_the_clock_is_put_forward_is_an_hour_short() -> None:
    round_the_clock = Terms(time_zone="America/New_York", weekly=(ALL_DAY,) * 7)
    time = WorkingTime(Calendar(terms=round_the_clock))

    spring = time.worked(at("2026-03-08 00:00", NEW_YORK), at("2026-03-09 00:00", NEW_YORK))
    autumn = time.worked(at("2026-11-01 00:00", NEW_YORK), at("2026-11-02 00:00", NEW_YORK))

    assert (spring, autumn) == (23 * HOUR, 25 * HOUR)


def test_two_intervals_that_meet_in_an_hour_that_comes_twice_do_not_share_it() -> None:
    halves = ((60, 90), (90, 180))
    terms = Terms(time_zone="America/New_York", weekly=(halves,) * 7)
    time = WorkingTime(Calendar(terms=terms))

    night = time.worked(at("2026-11-01 00:00", NEW_YORK), at("2026-11-02 00:00", NEW_YORK))

    assert night == 3 * HOUR


def test_years_that_nobody_told_are_said() -> None:
    assert OFFICE_TIME.unknown_years(at("2026-12-30 10:00"), at("2028-01-02 10:00")) == (2027, 2028)
    assert OFFICE_TIME.unknown_years(at("2025-12-30 10:00"), at("2026-12-31 10:00")) == ()
    assert ALWAYS.unknown_years(at("2026-12-30 10:00"), at("2028-01-02 10:00")) == ()


def test_a_year_is_shown_day_by_day() -> None:
    days = {day.on: day for day in OFFICE_TIME.year_view(2026)}

    assert len(days) == 365
    assert (days[date(2026, 10, 1)].is_, days[date(2026, 10, 1)].hours) == ("holiday", ())
    assert (days[date(2026, 9, 20)].is_, len(days[date(2026, 9, 20)].hours)) == ("makeup", 2)
    assert days[date(2026, 9, 20)].name == "国庆节"
    assert {days[date(2026, 3, 2) + timedelta(days=day)].hours for day in range(5)} == {OFFICE[0]}
