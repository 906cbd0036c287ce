"""The working days of mainland China, day by day as the State Council announced them."""

from __future__ import annotations

import csv
import gzip
import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from santong.clocks.rules.library import library_days, library_years
from santong.clocks.tests.rules.worlds import DAY, OFFICE_TIME, WITH_LUNCH, at

FILE = Path(settings.SANTONG_SHARED or "nowhere") / "data/china/calendar_2004_2026.csv.gz"


@pytest.fixture(scope="module")
def is_workday() -> dict[date, bool]:
    """Whether people work, by day."""
    if not FILE.is_file():
        pytest.fail(f"{FILE} is not there: set SANTONG_SHARED to the folder that holds data")
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return {
            date.fromisoformat(row["date"]): row["is_workday"] == "1"
            for row in csv.DictReader(lines)
        }


def test_every_day_has_the_hours_of_a_workday_or_none(is_workday: dict[date, bool]) -> None:
    ours = {
        day.on: day.hours == WITH_LUNCH
        for year in library_years()
        for day in OFFICE_TIME.year_view(year)
    }

    assert len(ours) == 8_401
    assert ours == is_workday


def test_every_day_counts_as_much_as_it_has(is_workday: dict[date, bool]) -> None:
    wrong = [
        on
        for on, works in is_workday.items()
        if OFFICE_TIME.worked(_midnight(on), _midnight(on + timedelta(days=1)))
        != (DAY if works else 0)
    ]

    assert wrong == []


def test_all_the_years_are_as_long_as_their_workdays(is_workday: dict[date, bool]) -> None:
    first, last = min(is_workday), max(is_workday)

    worked = OFFICE_TIME.worked(_midnight(first), _midnight(last + timedelta(days=1)))

    assert worked == sum(is_workday.values()) * DAY


def test_so_many_workdays_later_is_the_end_of_that_workday(is_workday: dict[date, bool]) -> None:
    workdays = [on for on, works in is_workday.items() if works]
    ends = itertools.islice(workdays, 0, None, 97)

    wrong = [
        on
        for place, on in zip(itertools.count(0, 97), ends, strict=False)
        if OFFICE_TIME.when(_midnight(workdays[0]), (place + 1) * DAY) != at(f"{on} 18:00")
    ]

    assert wrong == []


@given(data=st.data())
def test_between_any_two_days_there_are_the_workdays_between_them(
    data: st.DataObject, is_workday: dict[date, bool]
) -> None:
    days = sorted(is_workday)
    places = st.integers(0, len(days) - 1)
    begins, ends = sorted([data.draw(places), data.draw(places)])

    worked = OFFICE_TIME.worked(_midnight(days[begins]), _midnight(days[ends]))

    assert worked == DAY * sum(is_workday[on] for on in days[begins:ends])


def test_days_that_are_made_up_are_weekend_days(is_workday: dict[date, bool]) -> None:
    made_up = [
        day.on
        for year in library_years()
        for day in library_days(year=year)
        if day.kind == "makeup"
    ]

    assert len(made_up) == 150
    assert all(on.weekday() >= 5 and is_workday[on] for on in made_up)


def _midnight(on: date) -> int:
    return at(f"{on} 00:00")
