"""An app brings a code, and gets a session for it: once."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.models import AuthorisationCode
from santong.openplatform.services.end_session import end_session
from santong.openplatform.services.open_session import open_session


@all_or_nothing
def lock_code(
    *, merchant_id: int, app_key: str, hashed: bytes, now: datetime
) -> AuthorisationCode | None:
    """The code of an app if it is good still. One that comes again ends what it gave.

    Locks the code, and the session that ends.
    """
    row: AuthorisationCode | None = (
        AuthorisationCode.objects.of_merchant(merchant_id)
        .filter(code_hash=hashed, authorisation__app_key=app_key)
        .lock()
        .first()
    )
    if row is None:
        return None
    if row.used_at is not None:
        if row.session_id is not None:
            end_session(
                merchant_id=merchant_id,
                session_id=row.session_id,
                because="code_reused",
                now=now,
            )
        return None
    return row if now < row.expires_at else None


@all_or_nothing
def exchange_code(
    *, merchant_id: int, app_key: str, code: AuthorisationCode, now: datetime
) -> contracts.Tokens:
    """Give the session that a locked, good code is for. Raises AppStateForbids.

    Locks the authorisation.
    """
    tokens = open_session(
        merchant_id=merchant_id,
        app_key=app_key,
        staff_id=code.staff_id,
        scopes=code.scopes,
        now=now,
    )
    code.used_at, code.session_id = now, tokens.session_id
    code.save(update_fields=["used_at", "session_id"])
    return tokens
