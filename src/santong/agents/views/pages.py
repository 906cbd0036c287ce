"""The page behind `continue_url`: what the agent has chosen, and where its buyer pays.

No log-in: whoever has the link pays. It runs outside any scope, and opens one for what it does.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from santong.agents.errors import SessionGone
from santong.agents.selectors.pages import Shown, shown_page
from santong.agents.selectors.sessions import page_link_of, page_path_of
from santong.agents.services.ask_payment import ask_payment
from santong.kernel import attempts, cells, tenancy
from santong.kernel.errors import Busy, DomainError, FieldInvalid, NoSuch
from santong.kernel.links import Link
from santong.merchants import public as merchants

BUYER: Final = tenancy.Actor(kind="buyer", id="", name="")
MOST_ASKED: Final = 20
WITHIN: Final = timedelta(hours=1)
LONGEST_KEY: Final = 40


class BuyerRequest(HttpRequest):
    """A request with a good link."""

    request_id: str
    link: Link


def behind_link(*methods: str) -> Callable[[Callable[..., HttpResponse]], Any]:
    """A page that its link opens."""

    def guard(view: Callable[..., HttpResponse]) -> Any:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                request.link = page_link_of(token=token)
                response = view(request)
            except (SessionGone, NoSuch, cells.UnknownMerchant):
                response = render(request, "agents/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


@behind_link("GET", "HEAD")
def checkout_page(request: BuyerRequest) -> HttpResponse:
    """What was chosen, what it costs, and how to pay."""
    return _shown(request)


@behind_link("POST")
def pay(request: BuyerRequest) -> HttpResponse:
    """Ask for the money by the way that the buyer chose. Tries are counted first."""
    link, now = request.link, datetime.now(UTC)
    subject = f"agents.page:{link.merchant_id}:{link.thing_id}"
    path = page_path_of(merchant_id=link.merchant_id, row_id=link.thing_id)
    try:
        if attempts.take(subject=subject, most=MOST_ASKED, within=WITHIN, now=now) is not None:
            raise Busy
        with _scope(request):
            found = _found(request, now)
            account = request.POST.get("account", "")
            if account not in {each.code for each in found.accounts}:
                raise FieldInvalid(pointer="/account", reason="not one of the choices")
            ask_payment(
                merchant_id=link.merchant_id,
                row_id=link.thing_id,
                account_code=account,
                key=f"buyer:{request.POST.get('key', '')[:LONGEST_KEY]}",
                return_url=request.build_absolute_uri(path),
                now=now,
            )
    except (SessionGone, NoSuch):
        raise
    except DomainError as refused:
        return _shown(request, refused=refused)
    return HttpResponseRedirect(path)


def _shown(request: BuyerRequest, *, refused: DomainError | None = None) -> HttpResponse:
    with _scope(request):
        house = merchants.merchant(merchant_id=request.link.merchant_id)
        values = {
            "house": house,
            "shown": _found(request, datetime.now(UTC)),
            "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
            "why": gettext(refused.code) if refused else "",
            "key": secrets.token_urlsafe(16),
            "zone": house.timezone,
        }
        with timezone.override(ZoneInfo(house.timezone)):
            return render(
                request,
                "agents/checkout.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def _found(request: BuyerRequest, now: datetime) -> Shown:
    link = request.link
    return shown_page(merchant_id=link.merchant_id, row_id=link.thing_id, now=now)


def _scope(request: BuyerRequest) -> Any:
    return tenancy.scope(
        merchant_id=request.link.merchant_id, actor=BUYER, request_id=request.request_id
    )
