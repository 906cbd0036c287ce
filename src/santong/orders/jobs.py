"""What orders do on a schedule."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import jobs
from santong.orders.services import expire_unpaid as expiry


@jobs.periodic(name="orders.expire_unpaid", cron="* * * * * */10")
def expire_unpaid(*, merchant_id: int, now: datetime) -> int:
    """Give up orders whose hold and grace have run out."""
    return expiry.expire_unpaid(merchant_id=merchant_id, now=now)
