"""When a message is tried again, when it is given up, and when an endpoint is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
# 5 s, 10 s … an hour: more than a day of a receiver that takes other messages, but not this one.
ATTEMPTS: Final = 40
# So many failures in a row, and the endpoint is asked with one message at a time.
FAILURES_THAT_REST: Final = 5
LONGEST_REST: Final = timedelta(minutes=10)
FAILING_MOST: Final = timedelta(days=3)
THOUSAND: Final = 1_000


def pause_after(*, attempts: int, jitter_thousandths: int) -> timedelta:
    """How long a message waits after so many failures: twice as long each time, up to an hour.

    A fifth of it is drawn by the caller (0 to 999 thousandths), so that those who failed together
    do not come back together.
    """
    return _grown(attempts, LONGEST_PAUSE, jitter_thousandths)


def rest_after(*, trips: int, jitter_thousandths: int) -> timedelta:
    """How long an endpoint is left alone after it failed so many times over."""
    return _grown(trips, LONGEST_REST, jitter_thousandths)


def is_dead(*, attempts: int) -> bool:
    """Whether a message has been tried often enough by an endpoint that takes others."""
    return attempts >= ATTEMPTS


def is_over(*, failing_since: datetime, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that somebody has to look."""
    return now - failing_since >= FAILING_MOST


def _grown(times: int, longest: timedelta, jitter_thousandths: int) -> timedelta:
    whole = min(FIRST_PAUSE * (1 << min(max(times - 1, 0), 20)), longest)
    return whole * (4 * THOUSAND + jitter_thousandths) // (5 * THOUSAND)
