"""Money that is on no card goes back as it came."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.prepaid.contracts import document_of


@all_or_nothing
def refund_document(
    *,
    merchant_id: int,
    top_up_id: int,
    key: str,
    amount_minor: int,
    currency: str,
    reason: str,
    now: datetime,
) -> payments.Refund:
    """Have payments give so much of a top-up's money back, along the tenders by which it came.

    The same key gives the refund that is there.

    Raises MoreThanReceived, IntentKeyTaken, FieldInvalid. Emits RefundDone. Locks the document's
    intents, then accounts.
    """
    return payments.refund(
        merchant_id=merchant_id,
        document=document_of(top_up_id),
        key=key,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason,
        now=now,
    )
