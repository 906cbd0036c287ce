"""Lock first: the card. Its top-ups, payments, gifts and codes change under its lock only."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.prepaid.models import Card, Use


def lock_card(*, merchant_id: int, card_id: int) -> Card:
    """Lock a card and give its row as it is now. Raises NoSuch, Busy."""
    rows = Card.objects.of_merchant(merchant_id).filter(id=card_id)
    row = rows.select_related("programme").lock().first()
    if row is None:
        raise NoSuch(kind="card", key=str(card_id))
    return row


def lock_use(*, merchant_id: int, reference: str) -> tuple[Card, Use]:
    """Lock the card of a payment, then give the payment as it is now. Raises NoSuch, Busy."""
    rows = Use.objects.of_merchant(merchant_id).filter(reference=reference)
    card_id = rows.values_list("card_id", flat=True).first()
    if card_id is None:
        raise NoSuch(kind="card_payment", key=reference[:80])
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    return card, rows.get()
