"""Personal data in clear text, for a reason."""

from __future__ import annotations

from datetime import datetime

from santong.customers import contracts
from santong.customers.rules.reasons import checked_reason
from santong.customers.selectors.persons import revealed
from santong.customers.services.living import living_person
from santong.kernel import audit, tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import all_or_nothing

REVEAL = "personal_data.reveal"


@all_or_nothing
def reveal_person(
    *, merchant_id: int, person_id: int, reason: str, now: datetime
) -> contracts.RevealedPerson:
    """Who a person is, in clear text; the trail says who asked and why.

    The system itself may ask; a person or a program needs `personal_data.reveal`.

    Raises NoSuch, PersonErased, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    if actor.kind != "system" and not actor.may(REVEAL):
        raise PermissionMissing(permission=REVEAL)
    rows = living_person(merchant_id=merchant_id, person_id=person_id)
    person = revealed(merchant_id=merchant_id, rows=rows)
    reason = checked_reason(reason, unnamed=[person.profile.name])
    audit.record(
        audit.Change(
            action="customers.reveal_person",
            subject="person",
            subject_id=rows[0].id,
            reason=reason,
        ),
        now=now,
    )
    return person
