"""Photos of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.evidence import public as evidence
from santong.fieldservice.selectors.photos import subject_of
from santong.fieldservice.services.record import check_state, locked_visit
from santong.kernel.tenancy import all_or_nothing

TAKES = ("booked", "confirmed", "en_route", "arrived", "working", "done", "accepted")


@all_or_nothing
def add_photos(
    *,
    merchant_id: int,
    visit_id: int,
    uploads: Sequence[evidence.Upload],
    by: str,
    now: datetime,
) -> int:
    """Keep photos behind a visit; how many there were. The same bytes are kept once.

    Raises NoSuch, VisitPassed, FieldInvalid. Emits EvidenceAdded. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    check_state(visit, TAKES, wanted="booked")
    kept = evidence.add_all(
        merchant_id=merchant_id, subject=subject_of(visit_id), uploads=uploads, by=by, now=now
    )
    return len(kept)
