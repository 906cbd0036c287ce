"""Whom to ask for and where, in clear text, for a reason."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import Visit
from santong.fieldservice.rules.states import AHEAD
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.sight import sight_of, visits_seen
from santong.fieldservice.services.record import clean_reason
from santong.kernel import audit, tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import all_or_nothing

REVEAL, WORK = "personal_data.reveal", "visits.work"


@all_or_nothing
def reveal_contact(
    *, merchant_id: int, visit_id: int, reason: str, now: datetime
) -> contracts.RevealedContact:
    """Whom and where, in clear text; the trail says who asked and why.

    Whoever goes there may ask while the visit is ahead or being made; anybody else needs
    `personal_data.reveal`.

    Raises NoSuch, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    reason = clean_reason(reason)
    sight = sight_of(merchant_id=merchant_id, actor=actor)
    rows = Visit.objects.of_merchant(merchant_id).filter(visits_seen(sight), id=visit_id)
    visit = found_or_refused(rows.first(), "visit", str(visit_id))
    is_theirs = actor.may(WORK) and visit.state in AHEAD
    if actor.kind != "system" and not actor.may(REVEAL) and not is_theirs:
        raise PermissionMissing(permission=REVEAL)
    audit.record(
        audit.Change(
            action="fieldservice.reveal_contact",
            subject="visit",
            subject_id=visit.id,
            reason=reason,
        ),
        now=now,
    )
    return visit.contact()
