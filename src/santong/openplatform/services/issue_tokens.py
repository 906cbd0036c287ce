from __future__ import annotations

import secrets
from datetime import datetime

from santong.openplatform import contracts
from santong.openplatform.models import AccessToken, AppSession, RefreshToken
from santong.openplatform.rules import lifetimes
from santong.openplatform.rules.keys import SECRET_BYTES, KeyKind, hash_of, written


def issue_tokens(
    *, session: AppSession, app_key: str, is_refreshable: bool, now: datetime
) -> contracts.Tokens:
    """Make the next keys of a locked session."""
    merchant_id = session.merchant_id
    access = _new("access", merchant_id, app_key)
    expires_at = min(now + lifetimes.ACCESS_TOKEN, session.ends_at)
    AccessToken.objects.create(
        merchant_id=merchant_id,
        session_id=session.id,
        key_hash=hash_of(access),
        issued_at=now,
        expires_at=expires_at,
    )
    if not is_refreshable:
        return contracts.Tokens(session_id=session.id, access_token=access, expires_at=expires_at)
    refresh = _new("refresh", merchant_id, app_key)
    until = min(now + lifetimes.REFRESH_TOKEN, session.ends_at)
    RefreshToken.objects.create(
        merchant_id=merchant_id,
        session_id=session.id,
        key_hash=hash_of(refresh),
        issued_at=now,
        expires_at=until,
    )
    return contracts.Tokens(
        session_id=session.id,
        access_token=access,
        expires_at=expires_at,
        refresh_token=refresh,
        refreshable_until=until,
    )


def _new(kind: KeyKind, merchant_id: int, app_key: str) -> str:
    secret = secrets.token_hex(SECRET_BYTES)
    return written(kind=kind, merchant_id=merchant_id, app_key=app_key, secret=secret)
