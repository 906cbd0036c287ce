from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform.models import AppSession
from santong.openplatform.selectors.sessions import forget_sessions

Because = Literal["withdrawn", "code_reused", "refresh_reused"]


@all_or_nothing
def end_session(*, merchant_id: int, session_id: int, because: Because, now: datetime) -> None:
    """End a session with every key that followed from it: here at once, elsewhere in seconds.

    Ended twice is ended once. Locks the session.
    """
    row: AppSession = AppSession.objects.of_merchant(merchant_id).filter(id=session_id).lock().get()
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_because = now, because
    row.save(update_fields=["ended_at", "ended_because"])
    forget_sessions()
    audit.record(
        audit.Change(
            action="openplatform.end_session",
            subject="app_session",
            subject_id=row.id,
            reason=because,
        ),
        now=now,
    )
