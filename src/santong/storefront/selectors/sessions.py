"""Who is in."""

from __future__ import annotations

from datetime import datetime

from santong.storefront.contracts import Session
from santong.storefront.models import MemberSession
from santong.storefront.rules.sessions import hash_of, is_key


def session_of(*, merchant_id: int, cookie: str, now: datetime) -> Session | None:
    """The session that a cookie opens at this merchant, if it has not ended."""
    if not is_key(cookie):
        return None
    row: MemberSession | None = (
        MemberSession.objects.of_merchant(merchant_id)
        .filter(key_hash=hash_of(cookie), expires_at__gt=now)
        .first()
    )
    return None if row is None else row.as_contract()


def sessions_of_member(*, merchant_id: int, member_id: int, now: datetime) -> list[Session]:
    """A member's open sessions, newest first."""
    rows = MemberSession.objects.of_merchant(merchant_id).filter(
        member_id=member_id, expires_at__gt=now
    )
    return [row.as_contract() for row in rows.order_by("-id")]
