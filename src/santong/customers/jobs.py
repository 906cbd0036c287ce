"""What customers do by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.customers.services.index_mixes import index_mixes
from santong.kernel.jobs import periodic


@periodic(name="customers.index_mixes", cron="* * * * * */10")
def mix_numbers(*, merchant_id: int, now: datetime) -> int:
    """Numbers that were there before a key get their mix, some thousands at a time."""
    return index_mixes(merchant_id=merchant_id, now=now)
