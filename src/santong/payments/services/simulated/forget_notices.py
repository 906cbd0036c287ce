"""What the simulated provider has told is forgotten after a while; its books are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.payments.models import SimulatedNotice

KEPT_FOR: Final = timedelta(days=35)


@all_or_nothing
def forget_notices(*, merchant_id: int, now: datetime, limit: int) -> int:
    """Forget so many notices that nobody is told any more; how many were. Locks them."""
    old = SimulatedNotice.objects.of_merchant(merchant_id).filter(made_at__lt=now - KEPT_FOR)
    found = old.exclude(state="waiting").order_by("id").values_list("id", flat=True)[:limit]
    return SimulatedNotice.objects.filter(pk__in=list(found)).delete()[0]
