"""The technician reports the work done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.errors import PhotosMissing
from santong.fieldservice.events import VisitDone
from santong.fieldservice.models import Visit, VisitPart
from santong.fieldservice.selectors.photos import subject_of
from santong.fieldservice.services.note_parts import write_parts
from santong.fieldservice.services.promises import keep_completion
from santong.fieldservice.services.record import go, locked_visit
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def report_done(
    *,
    merchant_id: int,
    visit_id: int,
    used_by_sku: Mapping[str, int] | None = None,
    now: datetime,
) -> contracts.Visit:
    """The work is done, with these parts; the buyer accepts it. Said twice, the first stays.

    Raises NoSuch, VisitPassed, PhotosMissing, FieldInvalid. Emits VisitDone. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.done_at is not None:
        return visit.as_contract()
    if used_by_sku:
        write_parts(visit, "used", used_by_sku)
    if visit.service_type.needs_photos and not _has_photo(visit):
        raise PhotosMissing(visit_id=str(visit_id))
    end_work(visit, reason="reported done", now=now)
    return visit.as_contract()


def end_work(visit: Visit, *, reason: str, now: datetime) -> None:
    """A locked visit is done, finished or not. Raises VisitPassed."""
    visit.done_at = now
    go(visit, "done", action="report_done", reason=reason, now=now)
    keep_completion(visit, now=now)
    assert visit.technician_id is not None
    parts = VisitPart.objects.of_merchant(visit.merchant_id).filter(visit=visit, kind="used")
    outbox.publish(
        VisitDone(
            visit_id=visit.id,
            document=visit.document,
            service_type=visit.service_type.code,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=visit.technician_id,
            done_at=now,
            used_by_sku=dict(parts.values_list("sku_code", "quantity")),
            is_preparation=visit.service_type.is_preparation,
        ),
        now=now,
    )


def _has_photo(visit: Visit) -> bool:
    kept = evidence.of_subject(merchant_id=visit.merchant_id, subject=subject_of(visit.id))
    return any(each.kind == "photo" and each.erased_at is None for each in kept)
