"""Nothing about a card is doubtful any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def unfreeze(*, merchant_id: int, card_id: int, reason: str, now: datetime) -> contracts.Card:
    """Let a frozen card be used again. Twice is once.

    Raises NoSuch, CardUnusable, FieldInvalid, Busy. Emits CardStateChanged. Locks the card.
    """
    reason = clean_reason(reason)
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.state != "active":
        change_state(card, to="active", among=("frozen",), reason=reason, now=now)
    found: contracts.Card = card.as_contract()
    return found
