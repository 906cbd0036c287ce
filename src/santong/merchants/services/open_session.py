from __future__ import annotations

import secrets
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants.models import Session
from santong.merchants.rules.keys import cookie_of, hash_of
from santong.merchants.rules.sessions import expiry


@all_or_nothing
def open_session(*, merchant_id: int, staff_id: int, now: datetime) -> str:
    """Log somebody in who has proved their password; gives the cookie's value, kept nowhere."""
    key = secrets.token_urlsafe(32)
    session = Session.objects.create(
        merchant_id=merchant_id,
        staff_id=staff_id,
        key_hash=hash_of(key),
        opened_at=now,
        refreshed_at=now,
        expires_at=expiry(opened_at=now, now=now),
    )
    audit.record(
        audit.Change(
            action="merchants.log_in",
            subject="staff",
            subject_id=staff_id,
            reason="password proved",
            after={"session_id": session.id},
        ),
        now=now,
    )
    return cookie_of(merchant_id=merchant_id, key=key)
