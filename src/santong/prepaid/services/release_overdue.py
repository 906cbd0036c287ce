"""Nobody took what was kept for a payment."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.models import Use
from santong.prepaid.services.let_go import let_go
from santong.prepaid.services.lock import lock_card

OUT_OF_TIME = "its time has run out"


@all_or_nothing
def release_overdue(*, merchant_id: int, now: datetime, limit: int = 1000) -> int:
    """Let go of what is kept for payments whose time has run out. Locks their cards, by id."""
    due = Use.objects.of_merchant(merchant_id).filter(state="held", expires_at__lte=now)
    found = due.order_by("expires_at").values_list("card_id", "id")[:limit]
    count = 0
    for card_id, use_id in sorted(found):
        lock_card(merchant_id=merchant_id, card_id=card_id)
        row = due.filter(id=use_id).first()
        if row is not None:
            let_go(row, reason=OUT_OF_TIME, now=now)
            count += 1
    return count
