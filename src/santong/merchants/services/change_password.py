from __future__ import annotations

from datetime import datetime

from santong.kernel import cells, tenancy
from santong.merchants.errors import LogInRefused
from santong.merchants.rules.keys import Key
from santong.merchants.selectors.parts import merchant
from santong.merchants.selectors.sessions import open_session_of
from santong.merchants.services.log_in import LoggedIn
from santong.merchants.services.open_session import open_session
from santong.merchants.services.prove_password import prove_password
from santong.merchants.services.set_password import set_password


def change_password(
    *,
    session_key: Key,
    old_password: str,
    new_password: str,
    address: str,
    request_id: str,
    now: datetime,
) -> LoggedIn:
    """Change the password of whoever is logged in and knows it; ends every session, opens one.

    Opens its own scopes, so that wrong old passwords are counted like wrong log-ins. Raises
    LogInRefused, TooManyTries, PasswordTooWeak, `cells.MerchantIsMoving`. Locks the person.
    """
    merchant_id = session_key.merchant_id
    try:
        with tenancy.scope(merchant_id=merchant_id):
            session = open_session_of(key=session_key, now=now)
            code = merchant(merchant_id=merchant_id).code if session else ""
    except cells.UnknownMerchant:
        raise LogInRefused from None
    if session is None:
        raise LogInRefused
    login = session.staff.login
    proven = prove_password(
        merchant_code=code, login=login, password=old_password, address=address, now=now
    )
    actor = tenancy.Actor(kind="staff", id=str(proven.staff_id), name=proven.name)
    with tenancy.scope(merchant_id=merchant_id, actor=actor, request_id=request_id):
        set_password(
            merchant_id=merchant_id,
            staff_id=proven.staff_id,
            proven_hash=proven.password_hash,
            new_password=new_password,
            now=now,
        )
        cookie = open_session(merchant_id=merchant_id, staff_id=proven.staff_id, now=now)
    return LoggedIn(cookie, proven.language, must_change_password=False)
