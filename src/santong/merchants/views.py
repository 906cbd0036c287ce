"""The pages for logging in and out. They know nobody yet, so they run outside any scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from santong.kernel import cells
from santong.merchants.errors import LogInRefused, PasswordTooWeak, TooManyTries
from santong.merchants.forms import LogInForm, PasswordForm
from santong.merchants.rules.keys import Key
from santong.merchants.rules.sessions import UNUSED
from santong.merchants.services.change_password import change_password
from santong.merchants.services.log_in import LoggedIn, log_in
from santong.merchants.services.recognise import session_key_of
from santong.merchants.sessions import set_cookie

LOG_IN = "merchants/log_in.html"
PASSWORD = "merchants/password.html"  # noqa: S105  a template
MERCHANT_COOKIE = "santong_merchant"
A_YEAR = timedelta(days=365)
MOVING_SECONDS = 2

Refused = (LogInRefused, PasswordTooWeak, TooManyTries, cells.MerchantIsMoving)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@csrf_protect
def log_in_page(request: HttpRequest) -> HttpResponse:
    """Ask for merchant, log-in and password; go on to where somebody wanted to go."""
    if request.method != "POST":
        merchant = request.GET.get("merchant") or request.COOKIES.get(MERCHANT_COOKIE, "")
        asked = {"merchant": merchant[:40], "next": request.GET.get("next", "")}
        return _show(request, LOG_IN, asked)
    asked = {name: request.POST.get(name, "")[:400] for name in ("merchant", "login", "next")}
    form = LogInForm(request.POST)
    if not form.is_valid():
        return _refuse(request, LOG_IN, asked, LogInRefused())
    now = datetime.now(UTC)
    try:
        entered = log_in(
            merchant_code=form.cleaned_data["merchant"],
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            address=request.META.get("REMOTE_ADDR", ""),
            request_id=getattr(request, "request_id", ""),
            now=now,
        )
    except Refused as refused:
        return _refuse(request, LOG_IN, asked, refused)
    response = _go_on(entered, where=_safe(request, asked["next"]), now=now)
    _remember(response, MERCHANT_COOKIE, form.cleaned_data["merchant"].strip().lower())
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, entered.language)
    return response


@require_POST
@csrf_protect
def log_out_page(request: HttpRequest) -> HttpResponse:
    """End the session and go back to the log-in page."""
    request.session.flush()
    response = HttpResponseRedirect(settings.LOGIN_URL)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@csrf_protect
def password_page(request: HttpRequest) -> HttpResponse:
    """Change one's own password, once at the first log-in and whenever one likes."""
    key = session_key_of(request)
    if key is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    if request.method != "POST":
        return _show(request, PASSWORD, {})
    return _change(request, key, PasswordForm(request.POST))


def _change(request: HttpRequest, key: Key, form: PasswordForm) -> HttpResponse:
    if not form.is_valid():
        return _refuse(request, PASSWORD, {}, PasswordTooWeak(reason="empty"))
    if form.cleaned_data["new_password"] != form.cleaned_data["again"]:
        return _refuse(request, PASSWORD, {}, PasswordTooWeak(reason="differ"))
    now = datetime.now(UTC)
    try:
        entered = change_password(
            session_key=key,
            old_password=form.cleaned_data["old_password"],
            new_password=form.cleaned_data["new_password"],
            address=request.META.get("REMOTE_ADDR", ""),
            request_id=getattr(request, "request_id", ""),
            now=now,
        )
    except Refused as refused:
        return _refuse(request, PASSWORD, {}, refused)
    return _go_on(entered, where=settings.LOGIN_REDIRECT_URL, now=now)


def _show(
    request: HttpRequest, template: str, asked: Mapping[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    response = render(request, template, dict(asked), status=status)
    add_never_cache_headers(response)
    return response


def _refuse(
    request: HttpRequest, template: str, asked: Mapping[str, Any], refused: Exception
) -> HttpResponse:
    """The page again, with what was wrong; where a pause is needed, with how long."""
    match refused:
        case TooManyTries(retry_after_seconds=seconds):
            shown = {**asked, "problem": "too_many", "minutes": -(-seconds // 60)}
            response = _show(request, template, shown, HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = str(seconds)
            return response
        case cells.MerchantIsMoving():
            shown = {**asked, "problem": "moving"}
            response = _show(request, template, shown, HTTPStatus.SERVICE_UNAVAILABLE)
            response["Retry-After"] = str(MOVING_SECONDS)
            return response
        case PasswordTooWeak(reason=reason):
            shown = {**asked, "problem": reason}
            return _show(request, template, shown, HTTPStatus.UNPROCESSABLE_ENTITY)
        case _:
            shown = {**asked, "problem": "refused"}
            return _show(request, template, shown, HTTPStatus.UNAUTHORIZED)


def _go_on(entered: LoggedIn, *, where: str, now: datetime) -> HttpResponse:
    response = HttpResponseRedirect("/password/" if entered.must_change_password else where)
    set_cookie(response, entered.cookie, expires_at=now + UNUSED, now=now)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(A_YEAR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _safe(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, if it is a page of ours."""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return settings.LOGIN_REDIRECT_URL
