"""What oauthlib asks of the app and of the browser that it sent."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from oauthlib.common import Request
from oauthlib.openid import RequestValidator

from santong.openplatform import contracts
from santong.openplatform.oauth.credentials import credentials_of
from santong.openplatform.rules.packs import WHO
from santong.openplatform.services.issue_code import issue_code

GRANTS = ("authorization_code", "refresh_token", "client_credentials")


class ClientChecks(RequestValidator):
    """Who asks, and where a browser may be sent, in the scope of `merchant_id`, if any is open."""

    def __init__(
        self,
        *,
        app: contracts.App | None,
        merchant_id: int | None,
        issuer: str,
        now: datetime,
    ) -> None:
        super().__init__()
        self.app = app
        self.merchant_id = merchant_id
        self.issuer = issuer
        self.now = now
        self.staff_id: int | None = None

    # Who asks.

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        return self.app is None or not self.app.is_public

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        app, secret = self.app, secret_of(request)
        if app is None or app.is_public or not app.may_call or not secret:
            return False
        given = secret.encode()
        matches = [hmac.compare_digest(given, each.encode()) for each in app.secrets]
        if not any(matches):
            return False
        request.client = SimpleNamespace(client_id=app.app_key)
        request.client_id = app.app_key
        return True

    def authenticate_client_id(
        self, client_id: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        app = self.app
        if app is None or not app.is_public or not app.may_call or client_id != app.app_key:
            return False
        request.client = SimpleNamespace(client_id=app.app_key)
        return True

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Request, *args: Any, **kw: Any
    ) -> bool:
        app = self.app
        if app is None or grant_type not in GRANTS:
            return False
        return grant_type != "client_credentials" or not app.is_public

    # What a browser brings.

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kw: Any) -> bool:
        return self.app is not None and self.app.may_call and client_id == self.app.app_key

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self.app is not None and redirect_uri in self.app.redirect_uris

    def get_default_redirect_uri(
        self, client_id: str, request: Request, *args: Any, **kwargs: Any
    ) -> str | None:
        only = self.app.redirect_uris if self.app else ()
        return only[0] if len(only) == 1 else None

    def validate_response_type(
        self,
        client_id: str,
        response_type: str,
        client: Any,
        request: Request,
        *args: Any,
        **kw: Any,
    ) -> bool:
        return response_type == "code"

    def validate_scopes(
        self,
        client_id: str,
        scopes: Collection[str],
        client: Any,
        request: Request,
        *a: Any,
        **k: Any,
    ) -> bool:
        return self.app is not None and set(scopes) <= self.app.packs | WHO

    def get_default_scopes(
        self, client_id: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        return sorted(self.app.packs) if self.app else []

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return self.app is not None and self.app.is_public

    def validate_silent_login(self, request: Request) -> bool:
        """Nobody is let in without seeing the page."""
        return False

    def validate_silent_authorization(self, request: Request) -> bool:
        """Nobody is let in without seeing the page."""
        return False

    def validate_user_match(
        self, id_token_hint: str, scopes: Collection[str], claims: Any, request: Request
    ) -> bool:
        """Who is logged in is said on the page, whoever the app expects."""
        return True

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Ours instead of oauthlib's: it says whose it is. Somebody has consented just now."""
        assert self.staff_id is not None
        assert self.merchant_id is not None
        assert self.app is not None
        code["code"] = issue_code(
            merchant_id=self.merchant_id,
            app_key=self.app.app_key,
            staff_id=self.staff_id,
            asked=contracts.AskedFor(
                redirect_uri=request.redirect_uri,
                scopes=frozenset(request.scopes),
                challenge=request.code_challenge or "",
                nonce=(request.nonce or "")[:200],
            ),
            now=self.now,
        )


def secret_of(request: Request) -> str:
    """The secret that an app shows: in the header (RFC 6749, 2.3.1), or in the body."""
    return credentials_of(
        authorization=request.headers.get("Authorization", ""),
        client_id=request.client_id or "",
        client_secret=getattr(request, "client_secret", None) or "",
    )[1]
