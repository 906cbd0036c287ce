"""A year as somebody sends it: read as it was meant, refused line by line."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.clocks.contracts import DifferentDay
from santong.clocks.rules.library import library_days, library_years
from santong.clocks.rules.year_files import changes, read_year, text_of, written_year

NEW_YEAR = DifferentDay(on=date(2027, 1, 1), kind="holiday", name="元旦")
MADE_UP = DifferentDay(on=date(2027, 1, 3), kind="makeup", name="元旦")


class Case(NamedTuple):
    name: str
    text: str
    mistakes: list[tuple[int, str, str]]


CASES = [
    Case("good", "date,kind,name\n2027-01-01,holiday,元旦\n\n2027-01-03,makeup,元旦\n", []),
    Case("in Chinese", "日期,类型,名称\n2027/01/01,休,元旦\n2027.01.03,班,元旦\n", []),
    Case(
        "columns as one likes", "name,kind,date\n元旦,Holiday,2027-01-01\n元旦,调休,2027-01-03", []
    ),
    Case("nothing", "", [(1, "columns", "")]),
    Case("no days", "date,kind\n", [(1, "empty", "")]),
    Case("no columns", "2027-01-01,holiday\n", [(1, "columns", "2027-01-01,holiday")]),
    Case("no date", "date,kind\n1 January,holiday\n", [(2, "date", "1 January")]),
    Case("no kind", "date,kind\n2027-01-01,free\n", [(2, "kind", "free")]),
    Case("half a line", "date,kind\n2027-01-01\n", [(2, "kind", "")]),
    Case("another year", "date,kind\n2026-12-31,holiday\n", [(2, "other_year", "2026-12-31")]),
    Case(
        "twice",
        "date,kind\n2027-01-01,休\n\n2027-01-01,休\n",
        [(4, "twice", "2027-01-01")],
    ),
    Case(
        "made up on a Monday",
        "date,kind\n2027-01-04,makeup\n",
        [(2, "makeup_in_the_week", "2027-01-04")],
    ),
    Case(
        "all mistakes at once",
        "date,kind,name\nx,休\n2027-01-01,x\n2027-01-02,休," + "长" * 90,
        [(2, "date", "x"), (3, "kind", "x"), (4, "name", "长" * 80)],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_read_year(case: Case) -> None:
    days, mistakes = read_year(case.text, year=2027)

    assert [(each.line, each.why, each.said) for each in mistakes] == case.mistakes
    assert bool(mistakes) or days == (NEW_YEAR, MADE_UP)


@pytest.mark.parametrize("year", library_years())
def test_a_year_that_is_written_is_read_again(year: int) -> None:
    days = library_days(year=year)

    assert read_year(written_year(days=days), year=year) == (days, [])


def test_spreadsheets_of_china_are_understood() -> None:
    content = "日期,类型,名称\n2027-01-01,休,元旦\n"

    assert text_of(content=content.encode("gb18030")) == content
    assert text_of(content=b"\xef\xbb\xbf" + content.encode()) == content


@given(content=st.binary(max_size=300))
def test_whatever_is_sent_it_is_read_or_refused(content: bytes) -> None:
    days, mistakes = read_year(text_of(content=content), year=2027)

    assert bool(days) or bool(mistakes)


def test_changes_are_days_that_come_go_and_become_something_else() -> None:
    holiday = DifferentDay(on=MADE_UP.on, kind="holiday")
    third = DifferentDay(on=date(2027, 1, 2), kind="holiday")

    found = changes([NEW_YEAR, MADE_UP], [holiday, third])

    assert [(each.on.day, each.before, each.after) for each in found] == [
        (1, NEW_YEAR, None),
        (2, None, third),
        (3, MADE_UP, holiday),
    ]
    assert changes([NEW_YEAR], [NEW_YEAR]) == []
