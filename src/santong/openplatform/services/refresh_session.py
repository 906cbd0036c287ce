"""An app brings a refresh token, and gets the next keys for it: once."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.models import AppSession, RefreshToken
from santong.openplatform.services.end_session import end_session
from santong.openplatform.services.issue_tokens import issue_tokens


@all_or_nothing
def lock_refresh_token(
    *, merchant_id: int, app_key: str, hashed: bytes, now: datetime
) -> RefreshToken | None:
    """A refresh token of an app if it is good still, with its session.

    One that comes again was copied: whoever has the other copy loses the session as well. Locks the
    session, then the token.
    """
    known = RefreshToken.objects.of_merchant(merchant_id).filter(
        key_hash=hashed,
        session__authorisation__app_key=app_key,
        session__authorisation__revoked_at=None,
    )
    found: RefreshToken | None = known.first()
    if found is None:
        return None
    session: AppSession = (
        AppSession.objects.of_merchant(merchant_id).filter(id=found.session_id).lock().get()
    )
    token: RefreshToken = (
        RefreshToken.objects.of_merchant(merchant_id).filter(id=found.id).lock().get()
    )
    if token.used_at is not None:
        end_session(
            merchant_id=merchant_id, session_id=session.id, because="refresh_reused", now=now
        )
        return None
    token.session = session
    is_good = session.ended_at is None and now < min(token.expires_at, session.ends_at)
    return token if is_good else None


@all_or_nothing
def refresh_session(
    *, merchant_id: int, app_key: str, token: RefreshToken, now: datetime
) -> contracts.Tokens:
    """Give the next keys for a locked, good refresh token; the keys before end in their time."""
    assert token.merchant_id == merchant_id
    token.used_at = now
    token.save(update_fields=["used_at"])
    return issue_tokens(session=token.session, app_key=app_key, is_refreshable=True, now=now)
