"""Who bought in stages is forgotten; what was sold and paid stays."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.evidence import public as evidence
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import subject_of
from santong.stagedsales.errors import SaleStillOpen
from santong.stagedsales.models import StagedSale
from santong.stagedsales.rules.states import OVER
from santong.stagedsales.selectors.persons import sales_of_person
from santong.stagedsales.selectors.sealing import NOBODY, sealed_buyer

REASON = "the person was erased"


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Blank who bought, and what finds them; links end, photos of their papers go.

    While one of their sales is open nothing is forgotten: somebody has to keep what was agreed.

    Raises SaleStillOpen. Locks the sales.
    """
    rows = list(sales_of_person(merchant_id=merchant_id, person=person).lock())
    if open_ids := [str(row.id) for row in rows if row.state not in OVER]:
        raise SaleStillOpen(sale_ids=open_ids)
    for row in rows:
        _forget(row, now)
    audit.record(
        *(
            audit.Change(
                action="stagedsales.forget_buyer",
                subject="staged_sale",
                subject_id=row.id,
                reason=REASON,
            )
            for row in rows
        ),
        now=now,
    )


def _forget(row: StagedSale, now: datetime) -> None:
    row.buyer_sealed = sealed_buyer(merchant_id=row.merchant_id, key=row.key, buyer=NOBODY)
    row.phone_index = None
    row.member_id = None
    # A keyed index of the telephone number is part of what it was made from.
    row.request_hash = ""
    row.link_round += 1
    row.save(
        update_fields=["buyer_sealed", "phone_index", "member_id", "request_hash", "link_round"]
    )
    files = evidence.of_subject(merchant_id=row.merchant_id, subject=subject_of(row.id))
    evidence.forget(
        merchant_id=row.merchant_id,
        evidence_ids=[each.id for each in files],
        reason=REASON,
        now=now,
    )
