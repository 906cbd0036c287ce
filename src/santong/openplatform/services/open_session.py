"""An app gets a session at a merchant who lets it in, with its first keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import AppStateForbids
from santong.openplatform.models import AppSession, Authorisation
from santong.openplatform.rules import lifetimes
from santong.openplatform.services.issue_tokens import issue_tokens


@all_or_nothing
def open_session(
    *,
    merchant_id: int,
    app_key: str,
    staff_id: int | None,
    scopes: Iterable[str] = (),
    now: datetime,
) -> contracts.Tokens:
    """Give an app a session key, and what gets it the next one; both are shown here only.

    Raises AppStateForbids where the merchant does not let the app in. Locks the authorisation.
    """
    of_app = Authorisation.objects.of_merchant(merchant_id).filter(app_key=app_key, revoked_at=None)
    given: Authorisation | None = of_app.lock().first()
    if given is None:
        raise AppStateForbids(app_key=app_key, state="not_authorised")
    session = AppSession.objects.create(
        merchant_id=merchant_id,
        authorisation_id=given.id,
        staff_id=staff_id,
        scopes=sorted(scopes),
        opened_at=now,
        ends_at=now + lifetimes.SESSION,
    )
    audit.record(
        audit.Change(
            action="openplatform.open_session",
            subject="app_session",
            subject_id=session.id,
            reason="opened",
            after={"app_key": app_key, "scopes": session.scopes},
        ),
        now=now,
    )
    return issue_tokens(
        session=session, app_key=app_key, is_refreshable=staff_id is not None, now=now
    )
