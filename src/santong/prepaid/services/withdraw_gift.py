"""A holder keeps the card after all."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.errors import NotYours
from santong.prepaid.models import Gift
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def withdraw_gift(*, merchant_id: int, card_id: int, person_id: int, now: datetime) -> None:
    """Take back the offer of a card, if one stands: its link is worth nothing any more.

    Raises NoSuch, NotYours (also when it was taken), Busy. Locks the card.
    """
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.current_person_id != person_id:
        raise NotYours
    Gift.objects.of_merchant(merchant_id).filter(card=card_id, state="offered").update(
        state="withdrawn", ended_at=now
    )
