"""A card ends: its principal goes back to whoever had paid, its bonus is lost."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import PaymentsUnderWay
from santong.prepaid.models import Gift, PayBack, PayCode, TopUp, Use
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.change_state import change_state
from santong.prepaid.services.let_go import let_go
from santong.prepaid.services.lock import lock_card
from santong.prepaid.services.pay_back import empty_closed

KEY = "close"


@all_or_nothing
def close_card(*, merchant_id: int, card_id: int, reason: str, now: datetime) -> contracts.Closed:
    """Close a card for good. What is left of its principal goes back along its newest top-ups.

    Nothing is paid out in cash, and bonus is never paid out. Closed twice is closed once. What
    still comes in for the card goes back, and so does what is returned of its payments.

    Raises NoSuch, PaymentsUnderWay (something is kept on it), FieldInvalid, Busy. Emits
    PrincipalPaidBack, CardStateChanged. Locks the card, then accounts.
    """
    reason = clean_reason(reason)
    card = lock_card(merchant_id=merchant_id, card_id=card_id)
    if card.state == "closed":
        return _closed_before(merchant_id, card_id)
    uses = Use.objects.of_merchant(merchant_id).filter(card=card_id, state="held")
    for row in uses.order_by("id"):
        if row.expires_at > now:
            raise PaymentsUnderWay(held_minor=row.principal_minor + row.bonus_minor)
        let_go(row, reason="its time has run out", now=now)
    TopUp.objects.of_merchant(merchant_id).filter(card=card_id, state="asked").update(
        state="cancelled", ended_at=now, reason="the card is closed"
    )
    Gift.objects.of_merchant(merchant_id).filter(card=card_id, state="offered").update(
        state="withdrawn", ended_at=now
    )
    PayCode.objects.of_merchant(merchant_id).filter(card=card_id).delete()
    closed = empty_closed(card, key=KEY, now=now)
    change_state(
        card,
        to="closed",
        among=("issued", "active", "frozen", "expired"),
        reason=reason,
        now=now,
    )
    return closed


def _closed_before(merchant_id: int, card_id: int) -> contracts.Closed:
    rows = PayBack.objects.of_merchant(merchant_id).filter(card=card_id).order_by("-top_up_id")
    parts = tuple((contracts.document_of(row.top_up_id), row.amount_minor) for row in rows)
    return contracts.Closed(
        card_id=card_id,
        paid_back_minor=sum(amount for _, amount in parts),
        forfeited_minor=0,
        paid_back_by_document=parts,
    )
