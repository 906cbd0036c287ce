"""Until when a place may answer, and how often an order is asked around."""

from __future__ import annotations

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(minutes=10)
ATTEMPTS_MAX = 3
# A place that never opens, or has no hours, is asked as if it were open.
LONGEST_WAIT = timedelta(hours=72)


def closes_at(*, asked_at: datetime, opens_at: datetime | None) -> datetime:
    """Ten minutes from when somebody is there to answer."""
    begins = asked_at
    if opens_at is not None and asked_at < opens_at <= asked_at + LONGEST_WAIT:
        begins = opens_at
    return begins + ANSWER_WITHIN


def may_try_again(*, attempt: int) -> bool:
    """Whether the lines may be given to one more place."""
    return attempt < ATTEMPTS_MAX
