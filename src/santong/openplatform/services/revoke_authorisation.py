"""A merchant lets an app do nothing any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.events import AppAuthorisationRevoked
from santong.openplatform.models import AppSession, Authorisation
from santong.openplatform.rules.fields import clean_reason
from santong.openplatform.selectors.sessions import forget_sessions


@all_or_nothing
def revoke_authorisation(
    *, merchant_id: int, app_key: str, reason: str, now: datetime
) -> contracts.Authorisation:
    """End what an app may do, and every session that it has: here at once, elsewhere in seconds.

    Revoked twice is revoked once. Raises NoSuch, FieldInvalid. Emits AppAuthorisationRevoked.
    Locks the authorisation.
    """
    reason = clean_reason(reason)
    of_app = Authorisation.objects.of_merchant(merchant_id).filter(app_key=app_key)
    row: Authorisation | None = of_app.lock().first()
    if row is None:
        raise NoSuch(kind="app_authorisation", key=app_key)
    if row.revoked_at is not None:
        return row.as_contract()
    row.revoked_at = now
    row.version += 1
    row.save(update_fields=["revoked_at", "version"])
    AppSession.objects.of_merchant(merchant_id).filter(
        authorisation_id=row.id, ended_at=None
    ).update(ended_at=now, ended_because="revoked")
    forget_sessions()
    audit.record(
        audit.Change(
            action="openplatform.revoke",
            subject="app_authorisation",
            subject_id=row.id,
            reason=reason,
            before={"packs": row.packs},
            after={"app_key": app_key},
        ),
        now=now,
    )
    outbox.publish(AppAuthorisationRevoked(authorisation_id=row.id, app_key=app_key), now=now)
    return row.as_contract()
