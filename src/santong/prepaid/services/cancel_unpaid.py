"""Nobody pays for what was asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.models import TopUp
from santong.prepaid.services.lock import lock_card

NOBODY_PAID = "nobody has paid for it"
PAID_WITHIN = timedelta(days=1)


@all_or_nothing
def cancel_unpaid(*, merchant_id: int, now: datetime, limit: int = 1000) -> int:
    """Stop waiting for money that was asked for a day ago. Locks the cards, by id."""
    due = TopUp.objects.of_merchant(merchant_id).filter(
        state="asked", asked_at__lte=now - PAID_WITHIN
    )
    found = due.order_by("asked_at").values_list("card_id", "id")[:limit]
    count = 0
    for card_id, top_up_id in sorted(found):
        lock_card(merchant_id=merchant_id, card_id=card_id)
        count += due.filter(id=top_up_id).update(
            state="cancelled", ended_at=now, reason=NOBODY_PAID
        )
    return count
