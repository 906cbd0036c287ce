from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from santong.kernel.remembered import Remembered
from santong.kernel.tenancy import Actor
from santong.merchants.rules.keys import Key, read_cookie, read_token
from santong.merchants.selectors.sessions import actor_of_staff, open_session_of
from santong.merchants.selectors.tokens import NoGoodToken, good_token

# These pages ask for the password, count wrong ones and open their own scopes.
ASKED_AS_NOBODY = frozenset({settings.LOGIN_URL, "/password/"})
USE_IS_NOTED_EVERY = timedelta(minutes=1)

_noted: Remembered[tuple[int, int], None] = Remembered(seconds=USE_IS_NOTED_EVERY.total_seconds())

# Two calls of one program never wait for each other here: whoever comes second leaves it.
_NOTE_USE = """
UPDATE merchants_apitoken SET last_used_at = %s WHERE id = (
    SELECT id FROM merchants_apitoken
    WHERE merchant_id = %s AND id = %s AND (last_used_at IS NULL OR last_used_at < %s)
    FOR NO KEY UPDATE SKIP LOCKED
)
"""


class Credentials:
    """Recognises a request by its bearer token or, without one, by its session cookie."""

    def merchant_of(self, request: HttpRequest) -> int | None:
        """Which merchant the credential says it belongs to; reads no row of a cell."""
        if request.path in ASKED_AS_NOBODY:
            return None
        key = token_key_of(request) if _has_token(request) else session_key_of(request)
        return key.merchant_id if key else None

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """Whose credential it is, if it is good. Runs in the merchant's scope."""
        now = datetime.now(UTC)
        if _has_token(request):
            return _program(request, merchant_id, now)
        key = session_key_of(request)
        is_ours = key is not None and key.merchant_id == merchant_id
        session = open_session_of(key=key, now=now) if key and is_ours else None
        request.santong_session = session  # type: ignore[attr-defined]
        return actor_of_staff(person=session.staff) if session else None


def token_key_of(request: HttpRequest) -> Key | None:
    """The key in a request's bearer token, if it is written like one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return read_token(token.strip()) if scheme.lower() == "bearer" else None


def session_key_of(request: HttpRequest) -> Key | None:
    """The key in a request's session cookie, if it is written like one."""
    return read_cookie(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))


def _has_token(request: HttpRequest) -> bool:
    return "Authorization" in request.headers


def _program(request: HttpRequest, merchant_id: int, now: datetime) -> Actor | None:
    key = token_key_of(request)
    if key is None or key.merchant_id != merchant_id:
        return None
    try:
        token = good_token(key=key, now=now)
    except NoGoodToken:
        return None
    _noted.get(
        (key.merchant_id, token.token_id),
        lambda: _note_use(merchant_id=key.merchant_id, token_id=token.token_id, now=now),
    )
    return token.actor


def _note_use(*, merchant_id: int, token_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_USE, [now, merchant_id, token_id, now - USE_IS_NOTED_EVERY])
