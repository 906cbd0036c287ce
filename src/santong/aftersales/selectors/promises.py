"""What was agreed for a document, as far as a case is concerned."""

from __future__ import annotations

from santong.aftersales import contracts
from santong.agreements import public as agreements


def promises_of(*, merchant_id: int, document: str) -> tuple[contracts.Promise, ...]:
    """Terms of the accepted agreement that is in force for a document, in their order."""
    found = agreements.agreement_in_force(merchant_id=merchant_id, document=document)
    if found is None:
        return ()
    return tuple(
        contracts.Promise(
            term=term.kind,
            reference=f"agreement:{found.id}/{term.number}",
            remedy=term.remedy,
            cap_minor=term.cap_minor,
        )
        for term in found.terms
    )
