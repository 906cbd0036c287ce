from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants.models import Session


@all_or_nothing
def close_session(*, merchant_id: int, session_id: int, now: datetime) -> None:
    """Log somebody out on one device; a session that has ended already stays ended."""
    session: Session | None = (
        Session.objects.of_merchant(merchant_id).filter(id=session_id).lock().first()
    )
    if session is None:
        return
    staff_id = session.staff_id
    session.delete()
    audit.record(
        audit.Change(
            action="merchants.log_out",
            subject="staff",
            subject_id=staff_id,
            reason="asked for",
            before={"session_id": session_id},
        ),
        now=now,
    )
