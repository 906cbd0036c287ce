"""Opening hours: several intervals a day, over midnight and over clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from santong.stores.contracts import Hours
from santong.stores.rules.hours import (
    WEEKDAYS,
    is_open_at,
    next_opening,
    normal_hours,
    wrong_hours,
)

SHANGHAI = "Asia/Shanghai"
SHOP: Hours = {
    "mon": (("10:00", "12:00"), ("13:30", "22:00")),
    "fri": (("18:00", "02:00"),),
    "sat": (("00:00", "24:00"),),
}


def at(text: str, zone: str = SHANGHAI) -> datetime:
    """A moment of the place's own clock. 2026-11-09 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class Case(NamedTuple):
    when: str
    is_open: bool
    opens: str


CASES = [
    Case("2026-11-09 09:59", is_open=False, opens="2026-11-09 10:00"),
    Case("2026-11-09 10:00", is_open=True, opens="2026-11-09 10:00"),
    Case("2026-11-09 11:59", is_open=True, opens="2026-11-09 11:59"),
    Case("2026-11-09 12:00", is_open=False, opens="2026-11-09 13:30"),
    Case("2026-11-09 22:00", is_open=False, opens="2026-11-13 18:00"),
    Case("2026-11-13 23:59", is_open=True, opens="2026-11-13 23:59"),
    Case("2026-11-14 01:59", is_open=True, opens="2026-11-14 01:59"),
    Case("2026-11-14 23:59", is_open=True, opens="2026-11-14 23:59"),
    Case("2026-11-15 00:00", is_open=False, opens="2026-11-16 10:00"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.when)
def test_open_and_next_opening(case: Case) -> None:
    moment = at(case.when)

    assert is_open_at(hours=SHOP, timezone=SHANGHAI, at=moment) == case.is_open
    assert next_opening(hours=SHOP, timezone=SHANGHAI, after=moment) == at(case.opens)


def test_without_hours_a_place_never_closes() -> None:
    moment = at("2026-11-09 03:00")

    assert is_open_at(hours=None, timezone=SHANGHAI, at=moment)
    assert next_opening(hours=None, timezone=SHANGHAI, after=moment) == moment


def test_without_intervals_a_place_never_opens() -> None:
    moment = at("2026-11-09 12:00")

    assert not is_open_at(hours={}, timezone=SHANGHAI, at=moment)
    assert next_opening(hours={}, timezone=SHANGHAI, after=moment) is None


def test_an_interval_of_last_week_is_a_week_away_when_it_has_begun_and_ended() -> None:
    sundays: Hours = {"sun": (("10:00", "11:00"),)}

    opens = next_opening(hours=sundays, timezone=SHANGHAI, after=at("2026-11-15 11:00"))

    assert opens == at("2026-11-22 10:00")


# Berlin puts the clock forward at 02:00 on 2026-03-29, and back at 03:00 on 2026-10-25: Sundays.
BERLIN = "Europe/Berlin"


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    night: Hours = {"sun": (("01:00", "02:30"),)}
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time
    second = datetime(2026, 10, 25, 1, 29, tzinfo=UTC)  # 02:29 winter time

    assert is_open_at(hours=night, timezone=BERLIN, at=first)
    assert is_open_at(hours=night, timezone=BERLIN, at=second)
    assert not is_open_at(hours=night, timezone=BERLIN, at=second + timedelta(minutes=1))


def test_an_hour_that_is_left_out_shortens_an_interval() -> None:
    night: Hours = {"sun": (("01:00", "02:30"),)}
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 becomes 03:00

    assert is_open_at(hours=night, timezone=BERLIN, at=jump - timedelta(seconds=1))
    assert not is_open_at(hours=night, timezone=BERLIN, at=jump)


def test_an_interval_inside_the_hour_that_is_left_out_does_not_take_place() -> None:
    night: Hours = {"sun": (("02:10", "02:50"),)}
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    opens = next_opening(hours=night, timezone=BERLIN, after=jump - timedelta(hours=1))

    assert opens == at("2026-04-05 02:10", BERLIN)


def test_an_interval_that_begins_in_the_hour_that_is_left_out_begins_with_the_jump() -> None:
    night: Hours = {"sun": (("02:30", "05:00"),)}
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    opens = next_opening(hours=night, timezone=BERLIN, after=jump - timedelta(hours=1))

    assert opens == jump


WRONG: list[tuple[Any, str]] = [
    ([], "hours"),
    ("10-22", "hours"),
    ({"monday": []}, "weekday"),
    ({1: []}, "weekday"),
    ({"mon": "10:00"}, "intervals"),
    ({"mon": [["10:00", "11:00"]] * 7}, "intervals"),
    ({"mon": [["10:00"]]}, "interval"),
    ({"mon": [["10:00", "11:00", "12:00"]]}, "interval"),
    ({"mon": [["9:00", "11:00"]]}, "interval"),
    ({"mon": [["24:00", "11:00"]]}, "interval"),
    ({"mon": [["10:00", "24:01"]]}, "interval"),
    ({"mon": [["10:00", None]]}, "interval"),
    ({"mon": ["ab"]}, "interval"),
    ({"mon": [["10:00", "12:00"], ["11:59", "13:00"]]}, "overlap"),
    ({"mon": [["22:00", "02:00"]], "tue": [["01:59", "03:00"]]}, "overlap"),
    ({"sun": [["22:00", "02:00"]], "mon": [["01:00", "03:00"]]}, "overlap"),
    ({"mon": [["10:00", "10:00"]], "tue": [["09:00", "11:00"]]}, "overlap"),
]


@pytest.mark.parametrize(("hours", "reason"), WRONG)
def test_what_is_wrong_with_hours_is_named(hours: Any, reason: str) -> None:
    assert wrong_hours(hours) == reason


def test_hours_that_touch_are_good() -> None:
    touching: Hours = {
        "mon": (("10:00", "12:00"), ("12:00", "24:00")),
        "tue": (("00:00", "01:00"),),
    }

    assert wrong_hours(touching) == ""
    assert wrong_hours(None) == ""


def test_normal_hours_have_an_order() -> None:
    hours: Any = {
        "tue": [["13:00", "14:00"], ["10:00", "11:00"]],
        "mon": [["10:00", "11:00"]],
        "sun": [],
    }

    assert list((normal_hours(hours) or {}).items()) == [
        ("mon", (("10:00", "11:00"),)),
        ("tue", (("10:00", "11:00"), ("13:00", "14:00"))),
    ]


clocks = st.builds(
    lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.integers(0, 59)
)
weeks = st.dictionaries(
    st.sampled_from(WEEKDAYS), st.lists(st.tuples(clocks, clocks), max_size=3).map(tuple)
)
zones = st.sampled_from(
    [
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "America/New_York",
    ]
)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(hours=weeks, zone=zones, moment=moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    hours: Hours, zone: str, moment: datetime
) -> None:
    assume(not wrong_hours(hours))

    opens = next_opening(hours=hours, timezone=zone, after=moment)

    if opens is None:
        assert not any(hours.values())
        return
    assert opens >= moment
    assert (opens == moment) == is_open_at(hours=hours, timezone=zone, at=moment)
    assert is_open_at(hours=hours, timezone=zone, at=opens)
    for part in range(1, 8):
        between = moment + (opens - moment) * part / 8
        assert between >= opens or not is_open_at(hours=hours, timezone=zone, at=between)


@given(hours=weeks, moment=moments)
def test_without_clock_changes_the_wall_clock_decides(hours: Hours, moment: datetime) -> None:
    assume(not wrong_hours(hours))
    local = moment.astimezone(ZoneInfo(SHANGHAI))
    minute = local.hour * 60 + local.minute

    expected = any(
        _covers(interval, minute + back * 24 * 60)
        for back in (0, 1)
        for interval in hours.get(_weekday(local.date() - timedelta(days=back)), ())
    )

    assert is_open_at(hours=hours, timezone=SHANGHAI, at=moment) == expected


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _covers(interval: tuple[str, str], minute: int) -> bool:
    begins, ends = (int(clock[:2]) * 60 + int(clock[3:]) for clock in interval)
    return begins <= minute < (ends if ends > begins else ends + 24 * 60)
