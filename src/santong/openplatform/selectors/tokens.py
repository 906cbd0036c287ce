"""Sessions by what an app holds of them, for an app that asks about its own."""

from __future__ import annotations

from datetime import datetime

from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.models import AccessToken, RefreshToken
from santong.openplatform.rules.keys import ReadKey


def session_id_of(*, merchant_id: int, key: ReadKey) -> int | None:
    """Whose session a token of an app is, good or not; None if it is none."""
    named = {"key_hash": key.hashed, "session__authorisation__app_key": key.app_key}
    found: AccessToken | RefreshToken | None
    if key.kind == "access":
        found = AccessToken.objects.of_merchant(merchant_id).filter(**named).first()
    else:
        found = RefreshToken.objects.of_merchant(merchant_id).filter(**named).first()
    return found.session_id if found else None


def refresh_token_ends(*, merchant_id: int, key: ReadKey, now: datetime) -> datetime | None:
    """When a refresh token of an app ends; None if it is not good."""
    row = (
        RefreshToken.objects.of_merchant(merchant_id)
        .filter(
            key_hash=key.hashed,
            used_at=None,
            session__ended_at=None,
            session__authorisation__app_key=key.app_key,
            session__authorisation__revoked_at=None,
        )
        .select_related("session")
        .first()
    )
    if row is None:
        return None
    ends = min(row.expires_at, row.session.ends_at)
    return ends if now < ends else None


def person_of(*, merchant_id: int, session: contracts.Session) -> merchants.Staff | None:
    """Who logged in with a session; None if nobody did, or they may not log in any more."""
    if session.staff_id is None:
        return None
    person = merchants.staff_by_id(merchant_id=merchant_id, staff_id=session.staff_id)
    return person if person.is_active else None
