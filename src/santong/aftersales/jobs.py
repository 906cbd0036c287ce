"""What aftersales does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.services.follow_refund import retry_unasked
from santong.kernel.jobs import periodic

MOST_AT_ONCE = 200


@periodic(name="aftersales.retry_refunds", cron="* * * * *")
def ask_again_for_refunds(*, merchant_id: int, now: datetime) -> int:
    """Refunds that were asked for before the money was known."""
    return retry_unasked(merchant_id=merchant_id, limit=MOST_AT_ONCE, now=now)
