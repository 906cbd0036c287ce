"""An app may be let in by every merchant."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import NotReady
from santong.openplatform.rules.states import go_live_checks, open_checks
from santong.openplatform.selectors.checks import facts_of
from santong.openplatform.services.change_app_state import change_app_state
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def go_live(*, merchant_id: int, app_key: str, now: datetime) -> contracts.RegisteredApp:
    """Let an app be authorised by every merchant, once its list is gone through.

    Done twice is done once. Raises NoSuch, AppStateForbids, NotReady. Emits AppStateChanged. Locks
    the app.
    """
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    if row.state == "live":
        return row.as_contract()
    if row.state == "sandbox" and (
        missing := open_checks(checks=go_live_checks(facts=facts_of(row)))
    ):
        raise NotReady(open_checks=missing)
    row.went_live_at = row.went_live_at or now
    change_app_state(row, to="live", reason="checked", now=now)
    return row.as_contract()
