"""As much goes back for a document as its owner says is due in all."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Sum

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Refund
from santong.payments.models import Intent
from santong.payments.models import Refund as Row
from santong.payments.services.refund import left_of, refund

log = structlog.get_logger(__name__)


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

    Told twice, or in whatever order, the refunds of a document come to what is due at most. What
    its buyer has back already, or has taken back in a dispute, cannot go back: as much goes as
    there is, and told again the rest, once there is more.

    Raises MoreThanReceived. Emits RefundDone. Locks the document's intents, then accounts of the
    ledger.
    """
    of_document = Intent.objects.of_merchant(merchant_id).filter(document=document)
    intents = list(of_document.filter(currency=currency).lock())
    owed = Row.objects.of_merchant(merchant_id).filter(
        document=document, currency=currency, key__startswith=f"due:{document}:"
    )
    asked = owed.aggregate(minor=Sum("amount_minor"))["minor"] or 0
    amount = due_minor - asked
    if sum(intent.received_minor for intent in intents) >= due_minor:
        amount = min(amount, left_of(merchant_id, document, currency, intents))
    if amount < due_minor - asked:
        log.info("less_goes_back_than_is_due", document=document, short=due_minor - asked - amount)
    if amount <= 0:
        return None
    return refund(
        merchant_id=merchant_id,
        document=document,
        key=f"due:{document}:{asked + amount}",
        amount_minor=amount,
        currency=currency,
        reason=reason,
        now=now,
    )
