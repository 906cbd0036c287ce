"""To whom an agreement is offered, in clear text, for whoever says why."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agreements import contracts
from santong.agreements.models import ServiceAgreement
from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, PermissionMissing
from santong.kernel.tenancy import all_or_nothing

REVEAL: Final = "personal_data.reveal"
LONGEST_REASON: Final = 200


@all_or_nothing
def reveal_buyer(
    *, merchant_id: int, agreement_id: int, reason: str, now: datetime
) -> contracts.Buyer:
    """Give the name and telephone number of an agreement's buyer; the trail says who asked and why.

    The system itself may ask, to tell them something; others need `personal_data.reveal`.

    Raises NoSuch, FieldInvalid, PermissionMissing.
    """
    actor = tenancy.current().actor
    if actor.kind != "system" and not actor.may(REVEAL):
        raise PermissionMissing(permission=REVEAL)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    row: ServiceAgreement | None = (
        ServiceAgreement.objects.of_merchant(merchant_id).filter(id=agreement_id).first()
    )
    if row is None:
        raise NoSuch(kind="agreement", key=str(agreement_id))
    audit.record(
        audit.Change(
            action="agreements.reveal_buyer",
            subject="agreement",
            subject_id=row.id,
            reason=reason,
        ),
        now=now,
    )
    known = row.buyer()
    return contracts.Buyer(name=known["name"], phone=known["phone"])
