"""The page on which somebody of a merchant says what an app may do, or logs in with us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, FatalClientError, OAuth2Error

from santong.kernel.errors import DomainError
from santong.kernel.tenancy import Actor
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.documents.words import pack_lines, person_lines
from santong.openplatform.forms import ConsentForm
from santong.openplatform.oauth.provider import Provider
from santong.openplatform.oauth.validator import Validator
from santong.openplatform.rules.packs import WHO, lesser, told_of_persons
from santong.openplatform.selectors.authorisations import authorisation_of
from santong.openplatform.services.authorise import AUTHORISE, authorise
from santong.openplatform.views.issuer import issuer_of

PAGE = "openplatform/consent.html"
NO = "openplatform/no_consent.html"


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def consent_page(request: HttpRequest) -> HttpResponse:
    """Show what an app asks for; go back to it with a code, or with a no."""
    now = datetime.now(UTC)
    app = asking_app(request, now=now)
    validator = Validator(
        app=app,
        merchant_id=getattr(request, "merchant_id", None),
        issuer=issuer_of(request),
        now=now,
    )
    provider, uri = Provider(validator), f"https://santong{request.get_full_path()}"
    try:
        scopes, credentials = provider.validate_authorization_request(uri)
    except FatalClientError:
        return _no(request, "unknown")
    except OAuth2Error as refused:
        return _back(refused.in_uri(refused.redirect_uri))
    assert app is not None
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.kind != "staff":
        asked = urlencode({"next": request.get_full_path()})
        return _back(f"{settings.LOGIN_URL}?{asked}")
    asking = _Asking(
        request=request,
        app=app,
        actor=actor,
        scopes=frozenset(scopes),
        redirect_uri=credentials["redirect_uri"],
        now=now,
    )
    if request.method != "POST":
        return asking.page()
    return asking.answer(provider, uri, validator, credentials)


def asking_app(request: HttpRequest, *, now: datetime) -> contracts.App | None:
    """The app that a browser comes from: looked up before a scope was open, or here if none is."""
    known: contracts.App | None = getattr(request, "asking_app", None)
    if known is not None or getattr(request, "merchant_id", None) is not None:
        return known
    return app_by_key(app_key=request.GET.get("client_id", ""), now=now)


class _Asking:
    """What one app asks of one person."""

    def __init__(
        self,
        *,
        request: HttpRequest,
        app: contracts.App,
        actor: Actor,
        scopes: frozenset[str],
        redirect_uri: str,
        now: datetime,
    ) -> None:
        self.request = request
        self.merchant_id: int = request.merchant_id  # type: ignore[attr-defined]
        self.app = app
        self.actor = actor
        self.scopes = scopes
        self.redirect_uri = redirect_uri
        self.now = now
        self.given = authorisation_of(merchant_id=self.merchant_id, app_key=app.app_key)
        asked = (scopes - WHO) or (frozenset() if self.given else frozenset({"base"}))
        before = frozenset(self.given.packs) if self.given else frozenset[str]()
        self.packs = (asked | before) & app.packs

    @property
    def is_log_in(self) -> bool:
        """Whether it is only about who somebody is, at a merchant that lets the app in already."""
        return self.given is not None and self.scopes <= WHO

    @property
    def may_consent(self) -> bool:
        return self.is_log_in or self.actor.may(AUTHORISE)

    def page(self, *, refused: DomainError | None = None) -> HttpResponse:
        if not self.may_consent:
            return _no(self.request, "not_you", app=self.app)
        host = urlsplit(self.redirect_uri).netloc or urlsplit(self.redirect_uri).scheme
        response = render(
            self.request,
            PAGE,
            {
                "app": self.app,
                "house": merchants.merchant(merchant_id=self.merchant_id),
                "person": self.actor.name,
                "is_log_in": self.is_log_in,
                "packs": pack_lines(packs=self.packs),
                "ways": self._ways(),
                "brands": [] if self.is_log_in else self._brands(),
                **self._chosen(),
                "host": host,
                "problem": refused.code if refused else "",
            },
            status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        )
        add_never_cache_headers(response)
        response["Content-Security-Policy"] = _policy(self.redirect_uri)
        return response

    def answer(
        self, provider: Provider, uri: str, validator: Validator, credentials: Mapping[str, Any]
    ) -> HttpResponse:
        if self.request.POST.get("decision") != "allow":
            denied = AccessDeniedError(state=credentials.get("state"))
            return _back(denied.in_uri(self.redirect_uri))
        if not self.may_consent:
            return _no(self.request, "not_you", app=self.app)
        try:
            self._consent()
        except DomainError as refused:
            return self.page(refused=refused)
        validator.staff_id = int(self.actor.id)
        headers, _, _ = provider.create_authorization_response(
            uri, scopes=sorted(self.scopes), credentials={}
        )
        return _back(headers["Location"])

    def _consent(self) -> None:
        if self.is_log_in:
            return
        form = ConsentForm(self.request.POST)
        said = form.consent(packs=self.packs, scopes=self.scopes)
        if not self._ways():
            said = replace(said, personal_data="none")
        authorise(
            merchant_id=self.merchant_id,
            app=self.app,
            consent=said,
            staff_id=int(self.actor.id),
            now=self.now,
        )

    def _ways(self) -> list[Any]:
        if self.is_log_in or not told_of_persons(packs=self.packs):
            return []
        return person_lines(most=self.app.personal_data)

    def _chosen(self) -> dict[str, Any]:
        """What was said just now, what holds already, or what we advise: in this order."""
        said = self.request.POST
        if said:
            brands = [int(each) for each in said.getlist("brands") if each.isdecimal()]
            is_limited = said.get("reach") == "brands"
            return {
                "way": said.get("personal_data", ""),
                "chosen_brands": brands,
                "is_limited": is_limited,
            }
        brand_ids = self.given.brand_ids if self.given else None
        way = self.given.personal_data if self.given else "masked"
        return {
            "way": lesser(way, self.app.personal_data),
            "chosen_brands": brand_ids or (),
            "is_limited": brand_ids is not None,
        }

    def _brands(self) -> list[merchants.Brand]:
        return [b for b in merchants.brands(merchant_id=self.merchant_id) if b.is_active]


def _policy(redirect_uri: str) -> str:
    """The form goes here, and from here back to the app: browsers ask for both."""
    parts = urlsplit(redirect_uri)
    back = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        f" form-action 'self' {back}; frame-ancestors 'none'"
    )


def _no(request: HttpRequest, why: str, *, app: contracts.App | None = None) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if why == "unknown" else HTTPStatus.FORBIDDEN
    response = render(request, NO, {"why": why, "app": app}, status=status)
    add_never_cache_headers(response)
    return response


def _back(location: str) -> HttpResponse:
    """Where to is checked already; a scheme of an app's own is none that Django would send to."""
    response = HttpResponse(status=HTTPStatus.FOUND)
    response["Location"] = location
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
