"""Call a visit off."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.errors import TooLateToChange
from santong.fieldservice.events import VisitCancelled
from santong.fieldservice.rules.states import may_go
from santong.fieldservice.rules.terms import change_terms
from santong.fieldservice.services.promises import drop_promises
from santong.fieldservice.services.record import (
    clean_reason,
    go,
    locked_visit,
    release_slots,
)
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def cancel(
    *,
    merchant_id: int,
    visit_id: int,
    by: contracts.Side,
    reason: str,
    now: datetime,
) -> contracts.Visit:
    """Call a visit off and give its time back; late, by the buyer, its fee is owed.

    A visit that was called off stays as it is.

    Raises NoSuch, FieldInvalid, TooLateToChange. Emits VisitCancelled. Locks the visit.
    """
    reason = clean_reason(reason)
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state == "cancelled":
        return visit.as_contract()
    if not may_go(visit.state, "cancelled"):  # type: ignore[arg-type]  # one of the words
        raise TooLateToChange(visit_id=str(visit_id))
    service = visit.service_type
    terms = change_terms(
        window_from=visit.window_from,
        free_hours=service.free_change_hours,
        late_fee_minor=service.late_fee_minor,
        now=now,
    )
    visit.cancelled_by = by
    visit.is_late = terms.is_late and by == "buyer"
    visit.fee_minor = terms.fee_minor if visit.is_late else 0
    visit.sequence += 1
    release_slots(visit)
    go(visit, "cancelled", action="cancel", reason=reason, now=now)
    drop_promises(visit, missed_by=None, now=now)
    outbox.publish(
        VisitCancelled(
            visit_id=visit.id,
            document=visit.document,
            service_type=service.code,
            by=by,
            is_late=visit.is_late,
            fee_minor=visit.fee_minor,
        ),
        now=now,
    )
    return visit.as_contract()
