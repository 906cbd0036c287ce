from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.gateway.models import Call, RefusedCalls
from santong.kernel.tenancy import all_or_nothing

KEPT_FOR: Final = timedelta(days=30)
REFUSED_KEPT_FOR: Final = timedelta(days=7)
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
    RefusedCalls.objects.of_merchant(merchant_id).filter(minute__lt=now - REFUSED_KEPT_FOR).delete()
    dropped, _ = Call.objects.of_merchant(merchant_id).filter(id__in=old).delete()
    return dropped
