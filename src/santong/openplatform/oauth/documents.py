"""What says to programs where and how to ask (RFC 8414, OpenID Connect Discovery)."""

from __future__ import annotations

from typing import Any

from santong.openplatform.oauth.signing import ALGORITHM
from santong.openplatform.rules.packs import PACKS, WHO


def server_metadata(*, issuer: str) -> dict[str, Any]:
    """Where an app gets and gives back what it holds."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "scopes_supported": [*sorted(WHO), *PACKS],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "ui_locales_supported": ["zh-CN", "en"],
    }


def provider_metadata(*, issuer: str) -> dict[str, Any]:
    """The same, and how an app finds out who logged in."""
    return server_metadata(issuer=issuer) | {
        "userinfo_endpoint": f"{issuer}/oauth/userinfo",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": [
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "at_hash",
            "name",
            "preferred_username",
            "locale",
            "merchant",
            "merchant_name",
        ],
    }
