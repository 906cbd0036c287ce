"""What agreements do by the clock. What is late, clocks tell."""

from __future__ import annotations

from datetime import datetime

from santong.agreements.services.cancel import expire
from santong.agreements.services.follow import fulfil, settle_due
from santong.kernel.jobs import periodic


@periodic(name="agreements.expire", cron="*/5 * * * *")
def expire_offers(*, merchant_id: int, now: datetime) -> int:
    """Offers that nobody accepted in time."""
    return expire(merchant_id=merchant_id, now=now)


@periodic(name="agreements.settle_due", cron="* * * * *")
def settle_breaches(*, merchant_id: int, now: datetime) -> int:
    """What has grown to its cap, and what could not be paid before."""
    return settle_due(merchant_id=merchant_id, now=now)


@periodic(name="agreements.fulfil", cron="17 * * * *")
def end_what_was_kept(*, merchant_id: int, now: datetime) -> int:
    """Agreements whose time for claims is over."""
    return fulfil(merchant_id=merchant_id, now=now)
