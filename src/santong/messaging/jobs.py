"""What messaging does by the clock. Deliveries are made by the streams' process, not here."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.messaging.services.forget_old import forget_old


@periodic(name="messaging.forget_old", cron="47 3 * * *")
def forget_old_messages(*, merchant_id: int, now: datetime) -> int:
    """The log is kept for a month."""
    return forget_old(merchant_id=merchant_id, now=now)
