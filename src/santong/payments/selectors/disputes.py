"""What buyers fight about at providers."""

from __future__ import annotations

from collections.abc import Sequence

from santong.payments.contracts import DISPUTE_STATES, Dispute, SeenDispute
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


def disputes_unlike(
    *, merchant_id: int, account_code: str, told: Sequence[SeenDispute]
) -> list[SeenDispute]:
    """Of what a provider tells of its disputes, what our books do not say."""
    rows = Row.objects.of_merchant(merchant_id).filter(
        tender__account__code=account_code,
        their_reference__in=[seen.their_reference for seen in told],
    )
    known = dict(rows.values_list("their_reference", "state"))
    return [
        seen for seen in told if known.get(seen.their_reference) not in {seen.state, "won", "lost"}
    ]
