"""An app's calls are not taken for a while."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.rules.fields import clean_reason
from santong.openplatform.services.change_app_state import change_app_state
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def suspend_app(
    *, merchant_id: int, app_key: str, reason: str, now: datetime
) -> contracts.RegisteredApp:
    """Take no call of an app any more: here at once, in other processes within five seconds.

    Its authorisations stay. Suspended twice is suspended once. Raises NoSuch, AppStateForbids,
    FieldInvalid. Emits AppStateChanged. Locks the app.
    """
    reason = clean_reason(reason)
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if row.state != "suspended":
        change_app_state(row, to="suspended", reason=reason, now=now)
    return row.as_contract()
