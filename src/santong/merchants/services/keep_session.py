from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from santong.kernel.tenancy import all_or_nothing
from santong.merchants.models import Session
from santong.merchants.rules.sessions import expiry, is_due


@all_or_nothing
def keep_session(
    *, merchant_id: int, session_id: int, content: Mapping[str, Any] | None, now: datetime
) -> datetime | None:
    """Move a used session's end on, at most once an hour, and keep its content if it has changed.

    Gives the new end, if it was moved.
    """
    session: Session | None = Session.objects.of_merchant(merchant_id).filter(id=session_id).first()
    if session is None:
        return None
    changed: dict[str, Any] = {}
    if content is not None:
        changed["content"] = dict(content)
    moved = is_due(refreshed_at=session.refreshed_at, now=now)
    if moved:
        changed["refreshed_at"] = now
        changed["expires_at"] = expiry(opened_at=session.opened_at, now=now)
    if changed:
        Session.objects.of_merchant(merchant_id).filter(id=session_id).update(**changed)
    return changed["expires_at"] if moved else None
