from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.gateway.models import Call
from santong.kernel.tenancy import all_or_nothing

KEPT_FOR: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 50_000


@all_or_nothing
def forget_calls(*, merchant_id: int, now: datetime) -> int:
    """Drop calls of the log past their time, some at once; how many."""
    old = (
        Call.objects.of_merchant(merchant_id)
        .filter(at__lt=now - KEPT_FOR)
        .order_by("id")
        .values("id")[:MOST_AT_ONCE]
    )
    dropped, _ = Call.objects.of_merchant(merchant_id).filter(id__in=old).delete()
    return dropped
