"""Django's view of a log-in: `request.session` and `request.user`, kept in the merchant's cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpRequest, HttpResponse

from santong.kernel import tenancy
from santong.merchants.models import Session
from santong.merchants.rules.sessions import is_due
from santong.merchants.services.close_session import close_session
from santong.merchants.services.keep_session import keep_session


class CellSession(SessionBase):
    """The content of an open session. Without one it holds things for this request only."""

    def __init__(self, row: Session | None = None) -> None:
        # Django loads a session that has a key; the cookie's own key is not kept anywhere.
        super().__init__(f"session-{row.id}" if row else None)
        self.row = row

    def load(self) -> dict[str, Any]:
        return dict(self.row.content) if self.row else {}

    def flush(self) -> None:
        """Log out on this device."""
        if self.row is not None:
            close_session(
                merchant_id=self.row.merchant_id, session_id=self.row.id, now=datetime.now(UTC)
            )
        self.row = None
        self.clear()

    def cycle_key(self) -> None:
        """A session's key is made when it is opened, and never given to another."""

    def exists(self, session_key: str) -> bool:
        return False

    def create(self) -> None:
        """Sessions are opened by `services.open_session` alone."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """The middleware saves, in the request's transaction."""

    def delete(self, session_key: str | None = None) -> None:
        self.flush()


class SessionMiddleware(middleware.SessionMiddleware):
    """Gives a request the session that its credential opened, and keeps what changes in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> None:
        row: Session | None = getattr(request, "santong_session", None)
        session = CellSession(row)
        request.session = session
        if row is not None:
            request._cached_user = row.staff  # type: ignore[attr-defined]  # noqa: SLF001  what AuthenticationMiddleware looks for

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        opened: Session | None = getattr(request, "santong_session", None)
        if opened is None or not isinstance(session, CellSession):
            return response
        if session.row is None:
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        elif response.status_code < HTTPStatus.BAD_REQUEST and not connection.needs_rollback:
            _keep(request, response, session, session.row)
        return response


def set_cookie(response: HttpResponse, value: str, *, expires_at: datetime, now: datetime) -> None:
    """Give the browser the key of its session."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        value,
        max_age=int((expires_at - now).total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _keep(request: HttpRequest, response: HttpResponse, session: CellSession, row: Session) -> None:
    now = datetime.now(UTC)
    if not session.modified and not is_due(refreshed_at=row.refreshed_at, now=now):
        return
    moved = keep_session(
        merchant_id=tenancy.current().merchant_id,
        session_id=row.id,
        content=dict(session.items()) if session.modified else None,
        now=now,
    )
    if moved is not None:
        value = request.COOKIES[settings.SESSION_COOKIE_NAME]
        set_cookie(response, value, expires_at=moved, now=now)
