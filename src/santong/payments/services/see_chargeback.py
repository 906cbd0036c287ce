"""A statement shows that a provider has taken a payment back, or returned it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import SeenDispute
from santong.payments.models import Movement, Tender
from santong.payments.services.see_dispute import see_dispute


@all_or_nothing
def see_chargeback(
    *,
    merchant_id: int,
    account_code: str,
    reference: str,
    their_reference: str,
    amount_minor: int,
    moved_at: datetime,
    now: datetime,
) -> bool:
    """Take in a line of a statement about a dispute that nobody told of; whether it was news.

    What was taken (less than nothing) opens a dispute about the payment of that number, ours or
    the provider's; what came back wins it. False where the payment is unknown, has nothing left
    to fight about, or the line is in the books.

    Emits DisputeChanged. Locks the intent, then accounts of the ledger.
    """
    kind = "chargeback" if amount_minor < 0 else "chargeback_returned"
    moves = Movement.objects.of_merchant(merchant_id).filter(account__code=account_code, kind=kind)
    payment = (
        Tender.objects.of_merchant(merchant_id)
        .filter(account__code=account_code, state="captured")
        .filter(Q(reference=reference) | Q(their_reference=reference))
        .first()
    )
    if not reference or payment is None:
        return False
    name = their_reference or f"{reference}:{moved_at:%Y%m%d}"
    if moves.filter(their_reference=name, document=payment.intent.document).exists():
        return False
    try:
        see_dispute(
            merchant_id=merchant_id,
            seen=SeenDispute(
                state="opened" if amount_minor < 0 else "won",
                their_reference=name,
                payment_reference=payment.reference,
                amount_minor=abs(amount_minor),
                at=moved_at,
                why="told by the statement",
            ),
            now=now,
        )
    except NoSuch:
        return False
    return True
