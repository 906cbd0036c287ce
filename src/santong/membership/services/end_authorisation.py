"""A brand takes back what it let another do."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import Authorisation
from santong.membership.rules.purchases import clean_reason
from santong.membership.services.record_authorisation import record_authorisation


@all_or_nothing
def end_authorisation(
    *, merchant_id: int, authorisation_id: int, reason: str, now: datetime
) -> contracts.Authorisation:
    """Let an authorisation end now; one that has ended stays as it is.

    Raises NoSuch, FieldInvalid. Locks the authorisation.
    """
    reason = clean_reason(reason)
    rows = Authorisation.objects.of_merchant(merchant_id).filter(id=authorisation_id)
    row = rows.lock().first()
    if row is None:
        raise NoSuch(kind="authorisation", key=str(authorisation_id))
    if row.valid_until is None or row.valid_until > now:
        row.valid_until = max(now, row.valid_from)
        row.save(update_fields=["valid_until"])
        record_authorisation(row=row, action="membership.end_authorisation", reason=reason, now=now)
    ended: contracts.Authorisation = row.as_contract()
    return ended
