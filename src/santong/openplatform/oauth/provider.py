"""The protocol's engine, with the grants that there are: code, refresh, an app's own."""

from __future__ import annotations

from typing import Any

from oauthlib.oauth2.rfc6749 import errors as refusals
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    IntrospectEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.endpoints.userinfo import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import (
    AuthorizationCodeGrant as LoggingIn,
)
from oauthlib.openid.connect.core.grant_types import RefreshTokenGrant
from oauthlib.openid.connect.core.grant_types.dispatchers import (
    AuthorizationCodeGrantDispatcher,
    AuthorizationTokenGrantDispatcher,
)

from santong.openplatform.oauth.validator import Validator
from santong.openplatform.rules import lifetimes


class Provider(
    AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, IntrospectEndpoint, UserInfoEndpoint
):
    """One request's engine: it has its validator, and nothing stays of it."""

    def __init__(self, validator: Validator) -> None:
        plain, logging_in = AuthorizationCodeGrant(validator), LoggingIn(validator)
        for grant in (plain, logging_in):
            grant.custom_validators.pre_auth.append(_only_hashed_challenges)
        bearer = BearerToken(
            validator,
            token_generator=validator.issue,
            refresh_token_generator=validator.issue_refresh,
            expires_in=int(lifetimes.ACCESS_TOKEN.total_seconds()),
        )
        AuthorizationEndpoint.__init__(
            self,
            default_response_type="code",
            default_token_type=bearer,
            response_types={
                "code": AuthorizationCodeGrantDispatcher(default_grant=plain, oidc_grant=logging_in)
            },
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            default_token_type=bearer,
            grant_types={
                "authorization_code": AuthorizationTokenGrantDispatcher(
                    validator, default_grant=plain, oidc_grant=logging_in
                ),
                "refresh_token": RefreshTokenGrant(validator),
                "client_credentials": ClientCredentialsGrant(validator),
            },
        )
        RevocationEndpoint.__init__(self, validator)
        IntrospectEndpoint.__init__(self, validator)
        UserInfoEndpoint.__init__(self, validator)


def _only_hashed_challenges(request: Any) -> dict[str, Any]:
    """A challenge that is the verifier itself protects nothing (RFC 9700, 2.1.1)."""
    if request.code_challenge is not None and request.code_challenge_method != "S256":
        raise refusals.UnsupportedCodeChallengeMethodError(request=request)
    return {}
