"""What settlement does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.settlement.services.release_due import release_due

MOST_SHARES = 5_000


@periodic(name="settlement.release_due", cron="*/5 * * * *")
def let_shares_be_due(*, merchant_id: int, now: datetime) -> int:
    """Shares whose return period is over can be paid out."""
    return release_due(merchant_id=merchant_id, limit=MOST_SHARES, now=now)
