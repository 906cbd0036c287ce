"""How long a log-in lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

UNUSED = timedelta(hours=12)
LONGEST = timedelta(days=7)
REFRESHED_EVERY = timedelta(hours=1)
ONE_TIME_PASSWORD = timedelta(days=7)


def expiry(*, opened_at: datetime, now: datetime) -> datetime:
    """When a session that is used now ends, if it is not used again."""
    return min(now + UNUSED, opened_at + LONGEST)


def is_due(*, refreshed_at: datetime, now: datetime) -> bool:
    """Whether a session's expiry is moved on: once an hour, not with every request."""
    return now - refreshed_at >= REFRESHED_EVERY
