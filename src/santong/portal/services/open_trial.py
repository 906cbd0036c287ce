"""A developer gets a session key to try an app's methods with."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto, tenancy
from santong.kernel.errors import PermissionMissing
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import public as openplatform
from santong.portal.models import TrialKey
from santong.portal.models.trials import trial_place

AUTHORISE = "apps.authorise"


@all_or_nothing
def open_trial(
    *, merchant_id: int, app: openplatform.App, staff_id: int, now: datetime
) -> datetime:
    """Open a session for trying, keep its key sealed, and say until when it is good.

    A sandbox lets the app in with all that it may use; elsewhere it has to be authorised already,
    and whoever tries it may authorise apps. Raises PermissionMissing, AppStateForbids. Locks the
    authorisation.
    """
    if openplatform.is_sandbox(merchant_id=merchant_id):
        _let_in(merchant_id, app, staff_id, now)
    elif not tenancy.current().actor.may(AUTHORISE):
        raise PermissionMissing(permission=AUTHORISE)
    tokens = openplatform.open_session(
        merchant_id=merchant_id, app_key=app.app_key, staff_id=staff_id, now=now
    )
    sealed = crypto.encrypt(
        merchant_id=merchant_id,
        plain=tokens.access_token.encode(),
        place=trial_place(app.app_key, staff_id),
    )
    TrialKey.objects.bulk_create(
        [
            TrialKey(
                merchant_id=merchant_id,
                app_key=app.app_key,
                staff_id=staff_id,
                sealed=sealed,
                expires_at=tokens.expires_at,
            )
        ],
        update_conflicts=True,
        unique_fields=["merchant_id", "app_key", "staff_id"],
        update_fields=["sealed", "expires_at"],
    )
    return tokens.expires_at


def _let_in(merchant_id: int, app: openplatform.App, staff_id: int, now: datetime) -> None:
    """What was consented to already stays as it is, unless the app may use more meanwhile."""
    given = openplatform.authorisation_of(merchant_id=merchant_id, app_key=app.app_key)
    if given is not None and given.revoked_at is None and app.packs <= set(given.packs):
        return
    openplatform.authorise(
        merchant_id=merchant_id,
        app=app,
        consent=openplatform.Consent(packs=app.packs, personal_data=app.personal_data),
        staff_id=staff_id,
        now=now,
    )
