"""A card that was sold to wait can be used from now on."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import CardUnusable
from santong.prepaid.models import Card, TopUp
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def activate(*, merchant_id: int, card_id: int, reason: str, now: datetime) -> contracts.Card:
    """Let a card be used that its programme sells to wait. Activated twice is activated once.

    Raises NoSuch, CardUnusable (also when nothing has come in for it), FieldInvalid, Busy. Emits
    CardStateChanged. Locks the card.
    """
    reason = clean_reason(reason)
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.state == "issued" and not _is_paid(card):
        raise CardUnusable(state=card.state)
    if card.state != "active":
        change_state(card, to="active", among=("issued",), reason=reason, now=now)
    found: contracts.Card = card.as_contract()
    return found


def _is_paid(card: Card) -> bool:
    top_ups = TopUp.objects.of_merchant(card.merchant_id)
    return top_ups.filter(card=card.id, state="landed").exists()
