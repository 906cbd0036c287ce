"""What buyers fight about at providers."""

from __future__ import annotations

from santong.payments.contracts import DISPUTE_STATES, Dispute
from santong.payments.models import Dispute as Row


def disputes_of(*, merchant_id: int, document: str) -> list[Dispute]:
    """Disputes about the payments of a document, oldest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(tender__intent__document=document)
    return [
        Dispute(
            id=row.id,
            tender_id=row.tender_id,
            amount_minor=row.amount_minor,
            state=DISPUTE_STATES[DISPUTE_STATES.index(row.state)],
        )
        for row in rows.order_by("id")
    ]
