"""A suspended app goes on."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import AppStateForbids
from santong.openplatform.rules.fields import clean_reason
from santong.openplatform.services.change_app_state import change_app_state
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def resume_app(
    *, merchant_id: int, app_key: str, reason: str, now: datetime
) -> contracts.RegisteredApp:
    """Let a suspended app be what it was before.

    Raises NoSuch, AppStateForbids, FieldInvalid. Emits AppStateChanged. Locks the app.
    """
    reason = clean_reason(reason)
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if row.state != "suspended":
        raise AppStateForbids(app_key=app_key, state=row.state)
    to: contracts.AppState = "live" if row.suspended_from == "live" else "sandbox"
    change_app_state(row, to=to, reason=reason, now=now)
    return row.as_contract()
