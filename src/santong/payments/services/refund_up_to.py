"""As much goes back for a document as its owner says is due in all."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Refund
from santong.payments.models import Intent
from santong.payments.models import Refund as Row
from santong.payments.services.refund import refund


@all_or_nothing
def refund_up_to(
    *,
    merchant_id: int,
    document: str,
    due_minor: int,
    currency: str,
    reason: str,
    now: datetime,
) -> Refund | None:
    """Ask for what is due of refunds in all, less what was asked for before; None for nothing.

    Told twice, or in whatever order, the refunds of a document come to what is due at most.

    Raises MoreThanReceived. Emits RefundDone. Locks the document's intents, then accounts of the
    ledger.
    """
    list(Intent.objects.of_merchant(merchant_id).filter(document=document).lock())
    owed = Row.objects.of_merchant(merchant_id).filter(
        document=document, currency=currency, key__startswith=f"due:{document}:"
    )
    asked = owed.aggregate(minor=Sum("amount_minor"))["minor"] or 0
    if due_minor <= asked:
        return None
    return refund(
        merchant_id=merchant_id,
        document=document,
        key=f"due:{document}:{due_minor}",
        amount_minor=due_minor - asked,
        currency=currency,
        reason=reason,
        now=now,
    )
