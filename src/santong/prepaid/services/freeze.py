"""A card was lost, or something about it is doubtful."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def freeze(*, merchant_id: int, card_id: int, reason: str, now: datetime) -> contracts.Card:
    """Let nothing be spent of a card. What is kept on it may still be taken; money still lands.

    Frozen twice is frozen once. Raises NoSuch, CardUnusable, FieldInvalid, Busy. Emits
    CardStateChanged. Locks the card.
    """
    reason = clean_reason(reason)
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.state != "frozen":
        change_state(card, to="frozen", among=("active",), reason=reason, now=now)
    found: contracts.Card = card.as_contract()
    return found
