"""What agents does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.agents.services import tidy_sessions as tidying
from santong.kernel.jobs import periodic


@periodic(name="agents.end_sessions", cron="*/5 * * * *")
def end_sessions(*, merchant_id: int, now: datetime) -> int:
    """Checkout sessions that are over."""
    return tidying.end_due(merchant_id=merchant_id, now=now)


@periodic(name="agents.erase_sessions", cron="23 3 * * *")
def erase_sessions(*, merchant_id: int, now: datetime) -> int:
    """What buyers gave, a month after the end."""
    return tidying.erase_old(merchant_id=merchant_id, now=now)
