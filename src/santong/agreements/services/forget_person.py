"""Who accepted is forgotten; what was accepted stays, about nobody."""

from __future__ import annotations

from datetime import datetime

from santong.agreements.models import Breach, ServiceAgreement
from santong.agreements.selectors.persons import agreements_of_person
from santong.agreements.services.cancel import end
from santong.agreements.services.lock import lock_agreement
from santong.agreements.services.trail import write_down
from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.kernel.tenancy import all_or_nothing

_REASON = "the person was erased"


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Forget name, telephone, signature, paper, photos and words of a person, and end their links.

    The record and the chain name nobody and stay whole (ADR 0049). An open offer ends.

    Emits AgreementEnded, EvidenceForgotten. Locks their documents.
    """
    rows = agreements_of_person(merchant_id=merchant_id, person=person)
    for agreement_id in list(rows.order_by("document").values_list("id", flat=True)):
        row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
        if row.state in {"draft", "offered"}:
            end(row, state="cancelled", reason=_REASON, now=now)
        _forget(row, now=now)
        write_down(row, "forget_buyer", before=row.state, reason=_REASON, now=now)


def _forget(row: ServiceAgreement, *, now: datetime) -> None:
    row.buyer_sealed, row.phone_index = b"", None
    row.link_round += 1
    row.erased_at = now
    row.save(update_fields=["buyer_sealed", "phone_index", "link_round", "erased_at"])
    breaches = Breach.objects.of_merchant(row.merchant_id).filter(agreement=row)
    subjects = [row.subject, *(f"breach:{each.id}" for each in breaches)]
    breaches.update(said_sealed=b"", answer_sealed=b"")
    found = evidence.of_subjects(merchant_id=row.merchant_id, subjects=subjects)
    evidence.forget(
        merchant_id=row.merchant_id,
        evidence_ids=[
            each.id for files in found.values() for each in files if each.id != row.record_id
        ],
        reason=_REASON,
        now=now,
    )
