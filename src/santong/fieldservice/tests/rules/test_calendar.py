"""When somebody works."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.fieldservice.contracts import Hours
from santong.fieldservice.rules.calendar import check_hours, joined, without, working_spans
from santong.fieldservice.rules.clock import Span, day_span, local_minute

CHINA = ZoneInfo("Asia/Shanghai")
SINCE = date(2026, 1, 1)
MORNING = Hours(
    rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", begins="08:00", ends="12:00", valid_from=SINCE
)
AFTERNOON = Hours(
    rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", begins="13:00", ends="18:00", valid_from=SINCE
)
WEDNESDAY, SATURDAY = date(2026, 11, 11), date(2026, 11, 14)


def minute(hour: int, *, on: date = WEDNESDAY) -> int:
    return local_minute(on, hour * 60, CHINA)


class Case(NamedTuple):
    name: str
    spans: tuple[tuple[int, int], ...]
    day: date = WEDNESDAY
    hours: tuple[Hours, ...] = (MORNING, AFTERNOON)
    leave: tuple[tuple[int, int], ...] = ()
    holidays: tuple[date, ...] = ()


CASES = [
    Case("several intervals a day leave a break", spans=((8, 12), (13, 18))),
    Case("a day that the rule does not name", spans=(), day=SATURDAY),
    Case("leave is taken out", spans=((8, 10), (15, 18)), leave=((10, 15),)),
    Case("a whole day of leave", spans=(), leave=((0, 24),)),
    Case("a holiday", spans=(), holidays=(WEDNESDAY,)),
    Case("intervals that touch are one", spans=((8, 18),), hours=(
        MORNING, AFTERNOON, Hours(rule="FREQ=DAILY", begins="12:00", ends="13:00",
                                  valid_from=SINCE))),
    Case("hours that are not valid yet", spans=(), hours=(
        Hours(rule="FREQ=DAILY", begins="08:00", ends="12:00", valid_from=date(2026, 11, 12)),)),
    Case("hours that ended the day before", spans=(), hours=(
        Hours(rule="FREQ=DAILY", begins="08:00", ends="12:00", valid_from=SINCE,
              valid_until=WEDNESDAY),)),
    Case("every second week counts from its beginning", spans=(), hours=(
        Hours(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", begins="08:00", ends="12:00",
              valid_from=date(2026, 11, 4)),)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_when_somebody_works(case: Case) -> None:
    spans = working_spans(
        day=case.day,
        hours=case.hours,
        leave=[Span(minute(begins), minute(ends)) for begins, ends in case.leave],
        holidays=case.holidays,
        zone=CHINA,
    )

    assert spans == tuple(Span(minute(begins), minute(ends)) for begins, ends in case.spans)


WRONG = [
    Hours(rule="FREQ=HOURLY", begins="08:00", ends="12:00", valid_from=SINCE),
    Hours(rule="FREQ=DAILY;BYHOUR=3", begins="08:00", ends="12:00", valid_from=SINCE),
    Hours(rule="every day", begins="08:00", ends="12:00", valid_from=SINCE),
    Hours(rule="FREQ=WEEKLY;BYDAY=XX", begins="08:00", ends="12:00", valid_from=SINCE),
    Hours(rule="FREQ=DAILY", begins="12:00", ends="12:00", valid_from=SINCE),
    Hours(rule="FREQ=DAILY", begins="8:00", ends="12:00", valid_from=SINCE),
    Hours(rule="FREQ=DAILY", begins="08:00", ends="24:30", valid_from=SINCE),
    Hours(rule="FREQ=DAILY", begins="08:00", ends="12:00", valid_from=SINCE, valid_until=SINCE),
]


@pytest.mark.parametrize("hours", WRONG, ids=str)
def test_hours_that_mean_nothing_are_refused(hours: Hours) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_hours(hours)


def test_a_day_that_springs_forward_is_an_hour_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    spring, other = day_span(date(2026, 3, 29), berlin), day_span(date(2026, 3, 30), berlin)

    assert (spring.end - spring.start, other.end - other.start) == (23 * 60, 24 * 60)


spans = st.lists(
    st.builds(
        lambda start, size: Span(start, start + size), st.integers(0, 500), st.integers(0, 90)
    )
)


@given(worked=spans, gone=spans)
def test_every_minute_is_worked_or_gone(worked: list[Span], gone: list[Span]) -> None:
    left = without(joined(worked), gone)

    for moment in range(600):
        here = any(each.start <= moment < each.end for each in worked)
        away = any(each.start <= moment < each.end for each in gone)
        assert any(each.start <= moment < each.end for each in left) == (here and not away)
    assert all(one.end < other.start for one, other in pairwise(left))
