"""Pay by a card at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.keep import keep

A_MOMENT = timedelta(minutes=1)


@all_or_nothing
def spend(
    *,
    merchant_id: int,
    card_id: int,
    reference: str,
    document: str,
    amount_minor: int,
    currency: str,
    now: datetime,
) -> contracts.Use:
    """Take the whole amount, or nothing. The same reference gives what is there.

    Raises NoSuch (card), CardUnusable, OtherCurrency, TooLittleOnCard, PrepaidKeyTaken,
    FieldInvalid, Busy. Locks the card, then accounts.
    """
    keep(
        merchant_id=merchant_id,
        card_id=card_id,
        reference=reference,
        document=document,
        amount_minor=amount_minor,
        currency=currency,
        expires_at=now + A_MOMENT,
        now=now,
    )
    return capture_use(
        merchant_id=merchant_id, reference=reference, amount_minor=amount_minor, now=now
    )
