"""The alarm of the trade, by numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.gateway.rules.alarm import (
    Counts,
    hundredths_of_percent,
    is_alarming,
    percentage,
)
from santong.gateway.rules.backoff import LONGEST_WAIT_MS, wait_before


@pytest.mark.parametrize(
    ("calls", "failures", "text", "alarming"),
    [
        (33, 4, "12.12 %", True),
        (0, 0, "0.00 %", False),
        (3, 3, "100.00 %", False),
        (4, 4, "100.00 %", True),
        (40, 4, "10.00 %", True),
        (41, 4, "9.76 %", False),
        (1_000, 99, "9.90 %", False),
        (1_000, 100, "10.00 %", True),
        (3, 2, "66.67 %", False),
    ],
)
def test_the_alarm_sounds_at_four_failures_and_ten_percent(
    calls: int, failures: int, text: str, *, alarming: bool
) -> None:
    counts = Counts(calls=calls, failures=failures)

    assert percentage(counts=counts) == text
    assert is_alarming(counts=counts) is alarming


@given(calls=st.integers(1, 10**9), data=st.data())
def test_the_rate_is_the_nearest_hundredth(calls: int, data: st.DataObject) -> None:
    failures = data.draw(st.integers(0, calls))

    found = hundredths_of_percent(counts=Counts(calls=calls, failures=failures))

    assert abs(Fraction(found) - Fraction(failures * 10_000, calls)) <= Fraction(1, 2)


@given(calls=st.integers(1, 10**6), data=st.data())
def test_one_more_failure_never_ends_an_alarm(calls: int, data: st.DataObject) -> None:
    failures = data.draw(st.integers(0, calls - 1))

    if is_alarming(counts=Counts(calls=calls, failures=failures)):
        assert is_alarming(counts=Counts(calls=calls, failures=failures + 1))


@given(attempt=st.integers(1, 10_000), jitter=st.integers(0, 999))
def test_waits_grow_to_a_limit_and_are_never_nothing(attempt: int, jitter: int) -> None:
    wait = wait_before(attempt=attempt, jitter_thousandths=jitter)

    assert 1_000 <= wait.total_seconds() * 1_000 <= LONGEST_WAIT_MS
    assert wait_before(attempt=attempt + 1, jitter_thousandths=jitter) >= wait
