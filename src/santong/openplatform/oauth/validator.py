"""What oauthlib asks while it checks a request: our tables answer.

One validator answers one request. The app was looked up before, and the scope of the merchant whose
code or token it brings is open: whatever is done, is done in that one transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors as refusals

from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.errors import AppStateForbids
from santong.openplatform.models import AuthorisationCode, RefreshToken
from santong.openplatform.oauth.claims import claims_of
from santong.openplatform.oauth.clients import ClientChecks
from santong.openplatform.oauth.signing import signed
from santong.openplatform.rules import lifetimes
from santong.openplatform.rules.keys import ReadKey, read_key
from santong.openplatform.selectors.sessions import NoSession, session_by_key
from santong.openplatform.selectors.tokens import person_of, refresh_token_ends, session_id_of
from santong.openplatform.services.end_session import end_session
from santong.openplatform.services.exchange_code import exchange_code, lock_code
from santong.openplatform.services.open_session import open_session
from santong.openplatform.services.refresh_session import lock_refresh_token, refresh_session


class Validator(ClientChecks):
    """Answers for one request of one app: what it brings, and what it is given."""

    def __init__(
        self,
        *,
        app: contracts.App | None,
        merchant_id: int | None,
        issuer: str,
        now: datetime,
    ) -> None:
        super().__init__(app=app, merchant_id=merchant_id, issuer=issuer, now=now)
        self.code: AuthorisationCode | None = None
        self.refresh: RefreshToken | None = None
        self.issued: contracts.Tokens | None = None
        self.session: contracts.Session | None = None

    # What an app brings for a session.

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Request, *args: Any, **kw: Any
    ) -> bool:
        key = self._own_key(code, "code")
        if key is None:
            return False
        self.code = lock_code(
            merchant_id=key.merchant_id, app_key=key.app_key, hashed=key.hashed, now=self.now
        )
        if self.code is None:
            return False
        request.user = self.code.staff_id
        request.scopes = list(self.code.scopes)
        return True

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        return (self.code.challenge or None) if self.code else None

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        return self.code.challenge_method if self.code else None

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Any,
        request: Request,
        *a: Any,
        **k: Any,
    ) -> bool:
        return self.code is not None and redirect_uri == self.code.redirect_uri

    def get_authorization_code_scopes(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> list[str]:
        """Asked before the code is locked, only to find out whether somebody logs in."""
        key = self._own_key(code, "code")
        if key is None:
            return []
        row = (
            AuthorisationCode.objects.of_merchant(key.merchant_id)
            .filter(code_hash=key.hashed)
            .first()
        )
        return list(row.scopes) if row else []

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        return (self.code.nonce or None) if self.code else None

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        key = self._own_key(refresh_token, "refresh")
        if key is None:
            return False
        self.refresh = lock_refresh_token(
            merchant_id=key.merchant_id, app_key=key.app_key, hashed=key.hashed, now=self.now
        )
        return self.refresh is not None

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(self.refresh.session.scopes) if self.refresh else []

    # What it is given.

    def issue(self, request: Request) -> str:
        """Make the tokens that oauthlib is about to answer with; raises what it answers instead."""
        assert self.app is not None
        if self.merchant_id is None:
            raise refusals.InvalidGrantError(request=request)
        named: dict[str, Any] = {
            "merchant_id": self.merchant_id,
            "app_key": self.app.app_key,
            "now": self.now,
        }
        try:
            if self.code is not None:
                self.issued = exchange_code(code=self.code, **named)
            elif self.refresh is not None:
                self.issued = refresh_session(token=self.refresh, **named)
            else:
                scopes = request.scopes or ()
                self.issued = open_session(staff_id=None, scopes=scopes, **named)
        except AppStateForbids:
            raise refusals.UnauthorizedClientError(request=request) from None
        request.extra_credentials = self._beside(self.issued)
        return self.issued.access_token

    def _beside(self, issued: contracts.Tokens) -> dict[str, Any]:
        """What TOP's clients read beside the tokens."""
        assert self.merchant_id is not None
        found: dict[str, Any] = {
            "expires_in": int((issued.expires_at - self.now).total_seconds()),
            "taobao_user_id": str(self.merchant_id),
            "taobao_user_nick": merchants.merchant(merchant_id=self.merchant_id).name,
        }
        if issued.refreshable_until is not None:
            seconds = (issued.refreshable_until - self.now).total_seconds()
            found["re_expires_in"] = int(seconds)
        return found

    def issue_refresh(self, request: Request) -> str:
        assert self.issued is not None
        return self.issued.refresh_token

    def save_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """They were saved as they were made."""

    def save_bearer_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """They were saved as they were made."""

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """It was used as it was exchanged."""

    def rotate_refresh_token(self, request: Request) -> bool:
        return True

    def get_id_token(self, token: Any, token_handler: Any, request: Request) -> None:
        """Oauthlib begins it, and has it finished below."""

    def finalize_id_token(
        self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Request
    ) -> str:
        assert self.code is not None
        assert self.merchant_id is not None
        person = merchants.staff_by_id(merchant_id=self.merchant_id, staff_id=self.code.staff_id)
        claims = claims_of(merchant_id=self.merchant_id, person=person, scopes=self.code.scopes)
        ends = self.now + lifetimes.ID_TOKEN
        claims |= id_token | {
            "iss": self.issuer,
            "iat": int(self.now.timestamp()),
            "exp": int(ends.timestamp()),
            "auth_time": int(self.code.issued_at.timestamp()),
        }
        return signed(claims=claims, now=self.now)

    # What it asks of its own.

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        key = self._own_key(token, "access") or self._own_key(token, "refresh")
        if key is None:
            return
        session_id = session_id_of(merchant_id=key.merchant_id, key=key)
        if session_id is not None:
            end_session(
                merchant_id=key.merchant_id,
                session_id=session_id,
                because="withdrawn",
                now=self.now,
            )

    def introspect_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        key = self._own_key(token, "access") or self._own_key(token, "refresh")
        if key is None or self.app is None:
            return None
        if key.kind == "refresh":
            ends = refresh_token_ends(merchant_id=key.merchant_id, key=key, now=self.now)
            if ends is None:
                return None
            return {
                "client_id": key.app_key,
                "exp": int(ends.timestamp()),
                "iss": self.issuer,
                "token_type": "refresh_token",
            }
        session = self._session(key)
        if session is None:
            return None
        return {
            "client_id": key.app_key,
            "exp": int(session.expires_at.timestamp()),
            "iss": self.issuer,
            "scope": " ".join(sorted(session.scopes or session.packs)),
            "sub": f"{key.merchant_id}.{session.staff_id or 0}",
            "token_type": "Bearer",
            "username": session.user_nick,
        }

    def validate_bearer_token(self, token: str, scopes: Collection[str], request: Request) -> bool:
        key = self._own_key(token or "", "access")
        self.session = self._session(key) if key else None
        if self.session is None:
            return False
        request.scopes = sorted(self.session.scopes)
        return True

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        session = self.session
        assert session is not None
        person = person_of(merchant_id=session.merchant_id, session=session)
        if person is None:
            raise refusals.InvalidTokenError(request=request)
        return claims_of(merchant_id=session.merchant_id, person=person, scopes=session.scopes)

    def _session(self, key: ReadKey) -> contracts.Session | None:
        assert self.app is not None
        try:
            found = session_by_key(app=self.app, key=key)
        except NoSession:
            return None
        return found if self.app.may_call and self.now < found.expires_at else None

    def _own_key(self, text: str, kind: str) -> ReadKey | None:
        """A key of this kind that is the app's, and of the merchant whose scope is open."""
        key = read_key(text)
        if key is None or self.app is None or key.kind != kind:
            return None
        is_ours = key.app_key == self.app.app_key and key.merchant_id == self.merchant_id
        return key if is_ours else None
