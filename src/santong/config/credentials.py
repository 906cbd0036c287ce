"""Who is asking: members under `/m/`, holders of links nobody, staff and programs elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest

from santong.kernel.cells import MerchantIsMoving
from santong.kernel.tenancy import Actor
from santong.merchants import public as merchants
from santong.openplatform import public as openplatform
from santong.storefront import public as storefront

MEMBERS_PAGES = "/m/"
# Whoever pays or has a receipt shows the link that they were given, and is nobody: also where they
# are logged in.
LINKED_PAGES = ("/pay/", "/i/", "/u/", "/ucp/")
# Apps say here which they are, each in its own way; whose scope is opened follows from what they
# bring.
SAY_WHO_THEY_ARE = (
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/userinfo",
    "/oauth/jwks",
    "/token",
    "/.well-known/",
)
# An app sends a browser here, and is another merchant's than the person in front of it.
CONSENT_PAGES = frozenset({"/oauth/authorize", "/authorize"})

Someone = merchants.Credentials | storefront.MemberCredentials | openplatform.AppCredentials


class Credentials:
    """Asks the context whose pages or endpoints the request is for.

    Somebody may be logged in as staff and as a member in one browser: each counts in its own place.
    """

    def __init__(self) -> None:
        self._staff = merchants.Credentials()
        self._members = storefront.MemberCredentials()
        self._apps = openplatform.AppCredentials()

    def merchant_of(self, request: HttpRequest) -> int | None:
        """Which merchant the credential says it belongs to; reads no row of its cell."""
        if request.path.startswith(LINKED_PAGES + SAY_WHO_THEY_ARE):
            return None
        if request.path in CONSENT_PAGES:
            _look_up_app(request)
        return self._of(request).merchant_of(request)

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """Whose credential it is, if it is good. Runs in the merchant's scope."""
        return self._of(request).actor_of(request, merchant_id)

    def _of(self, request: HttpRequest) -> Someone:
        if request.path.startswith(MEMBERS_PAGES):
            return self._members
        given = request.headers.get("Authorization", "")
        is_app = given and openplatform.brings_session_key(authorization=given)
        return self._apps if is_app else self._staff


def _look_up_app(request: HttpRequest) -> None:
    """While no scope is open: what the page shows of it, it cannot look up itself."""
    try:
        request.asking_app = openplatform.app_by_key(  # type: ignore[attr-defined]
            app_key=request.GET.get("client_id", ""), now=datetime.now(UTC)
        )
    except MerchantIsMoving:
        request.asking_app = None  # type: ignore[attr-defined]
