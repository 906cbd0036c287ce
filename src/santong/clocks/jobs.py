"""What clocks do by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.clocks.services.follow_calendars import follow_calendars
from santong.clocks.services.look_at_due import look_at_due
from santong.kernel.jobs import periodic

MOST_CLOCKS = 1_000


@periodic(name="clocks.look_at_due", cron="* * * * * */10")
def tell_of_what_is_due(*, merchant_id: int, now: datetime) -> int:
    """Promises that were broken, are about to be, or are late so long that somebody is told."""
    return look_at_due(merchant_id=merchant_id, limit=MOST_CLOCKS, now=now)


@periodic(name="clocks.follow_calendars", cron="* * * * * */10")
def let_clocks_follow(*, merchant_id: int, now: datetime) -> int:
    """Clocks whose calendar has changed are due by it."""
    return follow_calendars(merchant_id=merchant_id, limit=MOST_CLOCKS, now=now)
