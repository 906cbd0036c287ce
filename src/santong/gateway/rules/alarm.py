"""The alarm of the trade: so many failed calls, and so many of a hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

FAILURES_LEAST: Final = 4
PERCENT_LEAST: Final = 10
WINDOW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Calls in a window, and how many of them failed."""

    calls: int
    failures: int


def is_alarming(*, counts: Counts) -> bool:
    """At least 4 failures, which are at least 10 % of the calls."""
    return (
        counts.failures >= FAILURES_LEAST and counts.failures * 100 >= PERCENT_LEAST * counts.calls
    )


def hundredths_of_percent(*, counts: Counts) -> int:
    """The error rate in hundredths of a percent, halves rounded up: 4 of 33 is 1212."""
    if not counts.calls:
        return 0
    return (counts.failures * 20_000 + counts.calls) // (2 * counts.calls)


def percentage(*, counts: Counts) -> str:
    """The error rate as the trade writes it: `12.12 %`."""
    whole, rest = divmod(hundredths_of_percent(counts=counts), 100)
    return f"{whole}.{rest:02} %"
