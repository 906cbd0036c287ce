from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.merchants.models import Session


@all_or_nothing
def forget_expired(*, merchant_id: int, now: datetime) -> int:
    """Remove sessions that have ended; how many."""
    removed, _ = Session.objects.of_merchant(merchant_id).filter(expires_at__lte=now).delete()
    return int(removed)
