"""When a buyer is told something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.storefront.rules.notices import (
    QUIET_FROM,
    QUIET_UNTIL,
    WAITS,
    next_try,
    polite_at,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ("2026-11-23T08:29", "2026-11-23T08:30"),
        ("2026-11-23T08:30", "2026-11-23T08:30"),
        ("2026-11-23T21:29", "2026-11-23T21:29"),
        ("2026-11-23T21:30", "2026-11-24T08:30"),
        ("2026-12-31T23:59", "2027-01-01T08:30"),
        ("2026-11-24T00:00", "2026-11-24T08:30"),
    ],
)
def test_nobody_is_woken(here: str, told: str) -> None:
    now = datetime.fromisoformat(here).replace(tzinfo=SHANGHAI)

    at = polite_at(now.astimezone(UTC), zone=SHANGHAI)

    assert at == datetime.fromisoformat(told).replace(tzinfo=SHANGHAI)


MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(now=MOMENTS)
def test_it_is_day_and_never_earlier_nor_a_day_late(now: datetime) -> None:
    at = polite_at(now, zone=SHANGHAI)

    assert now <= at < now + timedelta(days=1)
    assert QUIET_UNTIL <= at.astimezone(SHANGHAI).time() < QUIET_FROM


def test_it_is_tried_ever_more_rarely_and_then_no_more() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)

    tried = [next_try(tries=number, now=now) for number in range(1, len(WAITS) + 2)]

    assert tried == [*(now + wait for wait in WAITS), None]
    assert sorted(WAITS) == list(WAITS)
