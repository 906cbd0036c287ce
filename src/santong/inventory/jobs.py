"""What inventory does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.services.expire_due import expire_due
from santong.kernel.jobs import periodic

MOST_AT_ONCE = 500


@periodic(name="inventory.expire_due", cron="* * * * * */30")
def let_holds_expire(*, merchant_id: int, now: datetime) -> int:
    """Holds that have run out go back to where they were taken."""
    return expire_due(merchant_id=merchant_id, now=now, limit=MOST_AT_ONCE)
