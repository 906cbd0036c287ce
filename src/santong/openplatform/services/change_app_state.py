from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.openplatform.contracts import AppState
from santong.openplatform.errors import AppStateForbids
from santong.openplatform.events import AppStateChanged
from santong.openplatform.models import App
from santong.openplatform.rules.states import may_go
from santong.openplatform.selectors.apps import forget_apps


def change_app_state(row: App, *, to: AppState, reason: str, now: datetime) -> None:
    """Change the state of a locked app, if it may go there. Raises AppStateForbids.

    Emits AppStateChanged.
    """
    before = row.known_state()
    if not may_go(from_state=before, to_state=to):
        raise AppStateForbids(app_key=row.app_key, state=before)
    row.state = to
    row.suspended_from = before if to == "suspended" else ""
    row.version += 1
    row.save(update_fields=["state", "suspended_from", "went_live_at", "version"])
    forget_apps()
    audit.record(
        audit.Change(
            action=f"openplatform.app_{to}",
            subject="app",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": to},
        ),
        now=now,
    )
    outbox.publish(
        AppStateChanged(app_id=row.id, app_key=row.app_key, from_state=before, to_state=to), now=now
    )
