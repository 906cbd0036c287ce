"""What every page of the portal shares: who may see it, and how it is framed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_protect

from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.commands import command, plain_command
from santong.merchants import public as merchants
from santong.portal.rules.menu import OPEN, menu_for

__all__ = ["command", "open_page", "page", "plain_command", "sentence_of", "shown"]

View = Callable[..., HttpResponse]
READS = ("GET", "HEAD")
HOME = "/developers/home/"


def page(permission: str, *, method: str = "GET") -> Callable[[View], View]:
    """A page for those who have a permission at their merchant; strangers log in first.

    Instants show on the merchant's clock. Nothing of it is kept by a browser or a proxy.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: MerchantRequest, **values: Any) -> HttpResponse:
            allowed = ("POST",) if method == "POST" else READS
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if getattr(request, "actor", None) is None:
                return _log_in(request)
            if not request.actor.permissions and _must_change_password(request):
                return HttpResponseRedirect("/password/")
            for needed in (OPEN, permission):
                if not request.actor.may(needed):
                    raise PermissionMissing(permission=needed)
            return _answered(view, request, permission, values)

        return guarded

    return guard


def open_page(*, methods: tuple[str, ...] = READS) -> Callable[[View], View]:
    """A page for everybody; who is logged in sees it in their merchant's frame."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: MerchantRequest, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if getattr(request, "actor", None) is not None and request.actor.may(OPEN):
                return _answered(view, request, OPEN, values)
            return view(request, **values)

        return csrf_protect(guarded)

    return guard


def _answered(
    view: View, request: MerchantRequest, permission: str, values: Mapping[str, Any]
) -> HttpResponse:
    merchant = merchants.merchant(merchant_id=request.merchant_id)
    request.merchant = merchant  # type: ignore[attr-defined]
    request.whole_actor = request.actor  # type: ignore[attr-defined]
    request.actor = request.actor.at(permission)
    with timezone.override(ZoneInfo(merchant.timezone)):
        response = view(request, **values)
    add_never_cache_headers(response)
    return response


def shown(
    request: HttpRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    section: str,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page `portal/<template>.html`, which extends `frame`: with a menu, or open to all."""
    actor = getattr(request, "whole_actor", None)
    if actor is None:
        frame: dict[str, Any] = {"frame": "portal/open.html"}
    else:
        frame = {
            "frame": "portal/base.html",
            "menu": menu_for(permissions=actor.permissions),
            "merchant": request.merchant,  # type: ignore[attr-defined]
            "person": actor,
            "may": actor.permissions,
        }
    shared = {"section": section, "now": datetime.now(UTC)}
    return render(request, f"portal/{template}.html", {**frame, **shared, **values}, status=status)


def sentence_of(refused: DomainError) -> str:
    """What a refusal says to a person."""
    return gettext(refused.code)


def _log_in(request: HttpRequest) -> HttpResponse:
    wanted = request.get_full_path() if request.method in READS else HOME
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': wanted})}")


def _must_change_password(request: MerchantRequest) -> bool:
    if request.actor.kind != "staff":
        return False
    person = merchants.staff_by_id(merchant_id=request.merchant_id, staff_id=int(request.actor.id))
    return person.must_change_password
