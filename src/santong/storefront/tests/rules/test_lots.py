"""Which points end next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from santong.storefront.rules.lots import next_to_end

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
CHINA = "Asia/Shanghai"
MIDNIGHT = datetime(2026, 12, 1, 0, 0, tzinfo=ZoneInfo(CHINA))


def test_what_ends_at_midnight_is_good_for_all_of_the_day_before() -> None:
    found = next_to_end([(MIDNIGHT, 30)], now=NOW, timezone=CHINA)

    assert found is not None
    assert (found.points, found.last_on) == (30, date(2026, 11, 30))


def test_all_that_ends_on_one_day_is_one_sum() -> None:
    lots = [
        (MIDNIGHT, 30),
        (MIDNIGHT - timedelta(hours=3), 5),
        (MIDNIGHT + timedelta(seconds=1), 100),
        (None, 1_000),
    ]

    found = next_to_end(lots, now=NOW, timezone=CHINA)

    assert found is not None
    assert (found.points, found.expires_at) == (35, MIDNIGHT - timedelta(hours=3))


def test_what_is_over_used_up_or_without_an_end_does_not_end_next() -> None:
    lots = [(NOW, 10), (NOW - timedelta(days=1), 10), (MIDNIGHT, 0), (None, 10)]

    assert next_to_end(lots, now=NOW, timezone=CHINA) is None


@given(
    lots=st.lists(
        st.tuples(st.integers(min_value=-50, max_value=500), st.integers(min_value=0, max_value=9)),
        max_size=20,
    )
)
def test_no_more_ends_than_there_is_and_nothing_earlier_is_left_out(
    lots: list[tuple[int, int]],
) -> None:
    given_lots = [(NOW + timedelta(hours=hours), left) for hours, left in lots]

    found = next_to_end(given_lots, now=NOW, timezone=CHINA)

    live = [(until, left) for until, left in given_lots if until > NOW and left]
    first = min((until for until, _ in live), default=None)
    assert (found.expires_at if found else None) == first
    assert (found.points if found else 0) <= sum(left for _, left in live)
