"""Bearer cards end by the clock; what is on them stays."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.models import Card
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card

OVER = "its validity is over; what is on it stays"


@all_or_nothing
def expire_cards(*, merchant_id: int, now: datetime, limit: int = 1000) -> int:
    """Note that bearer cards have ended; what is on them stays, and they can be extended.

    Emits CardStateChanged. Locks the cards, one after the other by id.
    """
    rows = Card.objects.of_merchant(merchant_id)
    due = rows.filter(state="active", valid_until__lte=now)
    ids = sorted(due.order_by("valid_until").values_list("id", flat=True)[:limit])
    count = 0
    for card_id in ids:
        card = lock_card(merchant_id=merchant_id, card_id=card_id)
        if card.valid_until is None or card.valid_until > now:
            continue
        if card.state == "active":
            change_state(card, to="expired", among=("active",), reason=OVER, now=now)
            count += 1
    return count
