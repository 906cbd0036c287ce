"""An app that brings its session key as a bearer token: to REST, and to whatever else asks."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest

from santong.kernel.cells import MerchantIsMoving
from santong.kernel.tenancy import Actor
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.calls.sessions import actor_of, session_of
from santong.openplatform.rules.addresses import is_within
from santong.openplatform.rules.keys import read_key

SCHEME = "Bearer sat_"


def brings_session_key(*, authorization: str) -> bool:
    """Whether a request's header holds what is written like a session key."""
    return authorization.startswith(SCHEME)


class AppCredentials:
    """Recognises a request by an app's session key."""

    def merchant_of(self, request: HttpRequest) -> int | None:
        """Whose data the key is for; looks the app up, while no scope is open."""
        key = read_key(_given(request))
        if key is None:
            return None
        try:
            app = app_by_key(app_key=key.app_key, now=datetime.now(UTC))
        except MerchantIsMoving:
            app = None
        if app is None or not is_within(
            address=request.META.get("REMOTE_ADDR", ""), networks=app.ip_ranges
        ):
            return None
        request.calling_app = app  # type: ignore[attr-defined]
        return key.merchant_id

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """Who calls, if the key is good. Runs in the merchant's scope."""
        app = getattr(request, "calling_app", None)
        if app is None:
            return None
        session = session_of(app=app, session_key=_given(request), now=datetime.now(UTC))
        is_theirs = session is not None and session.merchant_id == merchant_id
        return actor_of(session=session) if session is not None and is_theirs else None


def _given(request: HttpRequest) -> str:
    return request.headers.get("Authorization", "").partition(" ")[2].strip()
