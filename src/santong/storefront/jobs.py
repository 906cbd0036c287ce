"""What storefront does on a schedule."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import jobs
from santong.storefront.services.forget_expired import forget_expired


@jobs.periodic(name="storefront.forget_expired", cron="27 * * * *")
def forget_what_has_expired(*, merchant_id: int, now: datetime) -> None:
    """Remove sessions that have ended, old codes and old messages."""
    forget_expired(merchant_id=merchant_id, now=now)
