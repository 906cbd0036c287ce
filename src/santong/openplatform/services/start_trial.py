"""An app is tried in sandboxes."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.services.change_app_state import change_app_state
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def start_trial(*, merchant_id: int, app_key: str, now: datetime) -> contracts.RegisteredApp:
    """Let a draft call, and be authorised by sandboxes. Asked for twice, it is done once.

    Raises NoSuch, AppStateForbids. Emits AppStateChanged. Locks the app.
    """
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if row.state != "sandbox":
        change_app_state(row, to="sandbox", reason="trial", now=now)
    return row.as_contract()
