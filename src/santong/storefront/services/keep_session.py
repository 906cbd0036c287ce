"""Move a used session's end on."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Session
from santong.storefront.models import MemberSession
from santong.storefront.rules.sessions import expiry, is_due


@all_or_nothing
def keep_session(*, merchant_id: int, session: Session, now: datetime) -> datetime | None:
    """Move a used session's end on, at most once a day. Gives the new end, if it was moved."""
    if not is_due(refreshed_at=session.refreshed_at, now=now):
        return None
    until = expiry(opened_at=session.opened_at, now=now)
    moved = (
        MemberSession.objects.of_merchant(merchant_id)
        .filter(id=session.id, refreshed_at=session.refreshed_at)
        .update(refreshed_at=now, expires_at=until)
    )
    return until if moved else None
