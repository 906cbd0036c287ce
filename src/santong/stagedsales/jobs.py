"""What stagedsales does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.stagedsales.services.expire_sales import expire_sales


@periodic(name="stagedsales.expire", cron="*/5 * * * *")
def let_sales_end(*, merchant_id: int, now: datetime) -> int:
    """Deposits that nobody paid; codes that nobody used, whose deposits go back."""
    return expire_sales(merchant_id=merchant_id, now=now)
