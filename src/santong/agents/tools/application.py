"""The server over HTTP: bearer tokens, and where to get one (RFC 9728)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from santong.agents.tools import run
from santong.agents.tools.registry import USE
from santong.agents.tools.server import bearer, server_for
from santong.kernel.threads import in_thread

PATH: Final = "/mcp"
METADATA_PATH: Final = f"/.well-known/oauth-protected-resource{PATH}"
MOST_BODY_BYTES: Final = 256 * 1024


class Tokens:
    """Recognises whoever the API recognises; the token's scopes are the actor's permissions."""

    async def verify_token(self, token: str) -> AccessToken | None:
        """Whose token it is; None for one that is not good."""
        actor = await in_thread(run.actor_of, token=token)
        if actor is None:
            return None
        return AccessToken(
            token=token,
            client_id=f"{actor.kind}:{actor.id}",
            subject=f"{actor.kind}:{actor.id}",
            scopes=sorted(actor.permissions),
        )


def application(*, streams_url: str, issuer_url: str, hosts: list[str]) -> Starlette:
    """The server as an ASGI application that answers under `/mcp`; it runs in its own lifespan."""
    origin = _origin(streams_url)
    return server_for(bearer).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BODY_BYTES,
        transport_security=_security(origin, hosts),
        auth=_protected(origin, _origin(issuer_url)),
        token_verifier=Tokens(),
    )


def _protected(origin: str, issuer: str) -> AuthSettings:
    """Addresses go in as text: the issuer's name is compared letter by letter."""
    return AuthSettings.model_validate(
        {
            "issuer_url": issuer,
            "resource_server_url": f"{origin}{PATH}",
            "required_scopes": [USE],
            "validate_token_resource": False,
        }
    )


def _security(origin: str, hosts: list[str]) -> TransportSecuritySettings:
    """A page of somebody else's cannot talk to a server on its visitor's machine."""
    named = [urlsplit(origin).netloc, *hosts]
    return TransportSecuritySettings(
        allowed_hosts=[*named, *(f"{host}:*" for host in named if ":" not in host)],
        allowed_origins=[origin],
    )


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))
