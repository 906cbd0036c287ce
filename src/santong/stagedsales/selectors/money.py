"""What payments says of a document of a sale."""

from __future__ import annotations

from dataclasses import dataclass

from santong.payments import public as payments
from santong.stagedsales.contracts import subject_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """What came in for a document, what goes or went back (lost disputes too), what is back.

    `over_minor` is what was sent back of it because nobody owed it; `given_minor` what others gave
    back of it though it was owed: it makes something good, and is not asked for again.
    """

    received_minor: int
    returning_minor: int
    returned_minor: int
    given_minor: int
    over_minor: int


def came_in(*, merchant_id: int, sale_id: int, document: str) -> CameIn:
    """Money of a document as payments has it now. What failed to go back is still to go."""
    intents = payments.intents_of(merchant_id=merchant_id, document=document)
    refunds = payments.refunds_of(merchant_id=merchant_id, document=document)
    disputes = payments.disputes_of(merchant_id=merchant_id, document=document)
    received = sum(tender.captured_minor for intent in intents for tender in intent.tenders)
    lost = sum(dispute.amount_minor for dispute in disputes if dispute.state == "lost")
    asked = sum(refund.amount_minor - refund.given_up_minor for refund in refunds)
    done = sum(refund.done_minor for refund in refunds)
    over, ours = f"due:{document}:", (f"due:{document}:", f"{subject_of(sale_id)}:")
    given = sum(
        refund.amount_minor - refund.given_up_minor
        for refund in refunds
        if not refund.key.startswith(ours)
    )
    returning = min(received, asked + lost)
    return CameIn(
        received_minor=received,
        returning_minor=returning,
        returned_minor=min(received, done + lost),
        given_minor=min(given, returning),
        over_minor=sum(each.amount_minor for each in refunds if each.key.startswith(over)),
    )


def is_disputed(*, merchant_id: int, document: str) -> bool:
    """Whether a buyer fights about a payment of a document, and nobody has decided."""
    disputes = payments.disputes_of(merchant_id=merchant_id, document=document)
    return any(dispute.state == "opened" for dispute in disputes)
