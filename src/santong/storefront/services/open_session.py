"""Let a member in."""

from __future__ import annotations

import secrets
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Opened
from santong.storefront.models import MemberSession
from santong.storefront.rules.sessions import expiry, hash_of


@all_or_nothing
def open_session(*, merchant_id: int, member_id: int, now: datetime) -> Opened:
    """Open a session for a member who has proved their phone, under a new key."""
    key = secrets.token_urlsafe(32)
    session = MemberSession.objects.create(
        merchant_id=merchant_id,
        member_id=member_id,
        key_hash=hash_of(key),
        opened_at=now,
        refreshed_at=now,
        expires_at=expiry(opened_at=now, now=now),
    )
    audit.record(
        audit.Change(
            action="storefront.log_in",
            subject="member",
            subject_id=member_id,
            reason="phone proved",
            after={"session_id": session.id},
        ),
        now=now,
    )
    return Opened(member_id=member_id, cookie=key, expires_at=session.expires_at)
