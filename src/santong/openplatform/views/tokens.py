"""Where apps get what they call with, ask about it, and give it back. No browser, no session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from santong.kernel import cells, tenancy
from santong.openplatform import contracts
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.oauth.credentials import credentials_of
from santong.openplatform.oauth.documents import provider_metadata, server_metadata
from santong.openplatform.oauth.provider import Provider
from santong.openplatform.oauth.signing import public_keys
from santong.openplatform.oauth.validator import Validator
from santong.openplatform.rules.addresses import is_within
from santong.openplatform.rules.keys import read_key
from santong.openplatform.views.issuer import issuer_of

Answer = tuple[dict[str, str], str | None, int]
Ask = Callable[[Provider, str, str, dict[str, str]], Answer]

MOVING_SECONDS = "2"


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def token(request: HttpRequest) -> HttpResponse:
    """A code or a refresh token for a session key; or an app's own key at its own merchant."""
    given = request.POST.get("code") or request.POST.get("refresh_token") or ""
    return _answer(
        request,
        given,
        lambda provider, uri, body, headers: provider.create_token_response(
            uri, "POST", body, headers
        ),
    )


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def revoke(request: HttpRequest) -> HttpResponse:
    """An app gives back what it holds, and all that followed from the same consent (RFC 7009)."""
    return _answer(
        request,
        request.POST.get("token", ""),
        lambda provider, uri, body, headers: provider.create_revocation_response(
            uri, "POST", body, headers
        ),
    )


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def introspect(request: HttpRequest) -> HttpResponse:
    """Whether something that an app holds is good still (RFC 7662)."""
    return _answer(
        request,
        request.POST.get("token", ""),
        lambda provider, uri, body, headers: provider.create_introspect_response(
            uri, "POST", body, headers
        ),
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Who logged in (OpenID Connect Core, 5.3)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    key = read_key(given.strip()) if scheme.lower() == "bearer" else None
    app = app_by_key(app_key=key.app_key, now=datetime.now(UTC)) if key else None
    return _in_scope(
        request,
        app,
        key.merchant_id if key else None,
        lambda provider, uri, body, headers: provider.create_userinfo_response(
            uri, "GET", body, headers
        ),
    )


@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """What apps check signatures with."""
    return _document(public_keys(now=datetime.now(UTC)))


@require_GET
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """Where and how to log in (OpenID Connect Discovery)."""
    return _document(provider_metadata(issuer=issuer_of(request)))


@require_GET
def authorization_server(request: HttpRequest) -> HttpResponse:
    """Where and how to be let in (RFC 8414)."""
    return _document(server_metadata(issuer=issuer_of(request)))


def _answer(request: HttpRequest, given: str, ask: Ask) -> HttpResponse:
    app_key, _ = credentials_of(
        authorization=request.headers.get("Authorization", ""),
        client_id=request.POST.get("client_id", ""),
        client_secret="",
    )
    app = app_by_key(app_key=app_key, now=datetime.now(UTC))
    key = read_key(given)
    merchant_id = key.merchant_id if key else None
    if app is not None and request.POST.get("grant_type") == "client_credentials":
        merchant_id = app.owner_id
    return _in_scope(request, app, merchant_id, ask)


def _in_scope(
    request: HttpRequest, app: contracts.App | None, merchant_id: int | None, ask: Ask
) -> HttpResponse:
    """Ask in the scope of whose key it is; of a merchant that is nowhere, in none."""
    now = datetime.now(UTC)
    if app is not None and not is_within(
        address=request.META.get("REMOTE_ADDR", ""), networks=app.ip_ranges
    ):
        app = None
    request_id = getattr(request, "request_id", "")
    try:
        with (
            tenancy.scope(merchant_id=merchant_id, request_id=request_id)
            if merchant_id is not None
            else nullcontext()
        ):
            return _asked(request, app, merchant_id, ask, now)
    except cells.UnknownMerchant:
        return _asked(request, app, None, ask, now)
    except cells.MerchantIsMoving:
        response = JsonResponse({"error": "temporarily_unavailable"}, status=503)
        response["Retry-After"] = MOVING_SECONDS
        return response


def _asked(
    request: HttpRequest,
    app: contracts.App | None,
    merchant_id: int | None,
    ask: Ask,
    now: datetime,
) -> HttpResponse:
    issuer = issuer_of(request)
    provider = Provider(Validator(app=app, merchant_id=merchant_id, issuer=issuer, now=now))
    headers = {
        "Authorization": request.headers.get("Authorization", ""),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    # What the address's scheme is, the deployment decides and not the protocol's engine.
    uri = f"https://santong{request.get_full_path()}"
    try:
        given, body, status = ask(provider, uri, request.POST.urlencode(), headers)
    except OAuth2Error as refused:
        given, body, status = refused.headers, refused.json, refused.status_code
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in given.items():
        if name.lower() in {"www-authenticate", "pragma"}:
            response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def _document(content: dict[str, object]) -> HttpResponse:
    response = JsonResponse(content)
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response
