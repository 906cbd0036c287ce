"""Nobody pays for it any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.errors import TopUpEnded
from santong.prepaid.models import TopUp
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.services.lock import lock_card


@all_or_nothing
def cancel_top_up(
    *, merchant_id: int, top_up_id: int, reason: str, now: datetime
) -> contracts.TopUp:
    """Stop waiting for the money of a top-up. Cancelled twice is cancelled once.

    Money that comes in all the same is put on the card if there is room, or goes back.

    Raises NoSuch, TopUpEnded (it is on the card, or has gone back), FieldInvalid, Busy. Locks the
    card.
    """
    reason = clean_reason(reason)
    rows = TopUp.objects.of_merchant(merchant_id).select_related("card__programme")
    card_id = rows.filter(id=top_up_id).values_list("card_id", flat=True).first()
    if card_id is None:
        raise NoSuch(kind="top_up", key=str(top_up_id))
    lock_card(merchant_id=merchant_id, card_id=card_id)
    row = rows.get(id=top_up_id)
    if row.state in ("landed", "returned"):
        raise TopUpEnded(state=row.state)
    if row.state == "asked":
        row.state, row.ended_at, row.reason = "cancelled", now, reason
        row.save(update_fields=["state", "ended_at", "reason"])
    found: contracts.TopUp = row.as_contract()
    return found
