"""What merchants does on a schedule."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import jobs
from santong.merchants.services.forget_expired import forget_expired


@jobs.periodic(name="merchants.forget_expired", cron="17 * * * *")
def forget_expired_sessions(*, merchant_id: int, now: datetime) -> None:
    """Remove sessions that have ended."""
    forget_expired(merchant_id=merchant_id, now=now)
