"""Who may open a buyer's page: whoever has its link, and nobody else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from santong.aftersales.errors import LinkOver, TooManyTries
from santong.aftersales.selectors.links import check_link, link_of
from santong.kernel import attempts, cells, tenancy
from santong.kernel.links import Link
from santong.merchants import public as merchants

BUYER = tenancy.Actor(kind="buyer", id="", name="")
MOST_ASKED = 30
WITHIN = timedelta(hours=1)

View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a good link, in its merchant's scope."""

    request_id: str
    link: Link
    house: merchants.Merchant


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. What it does is one transaction, by nobody who is logged in."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                response = _inside(request, token, view, values)
            except (LinkOver, cells.UnknownMerchant):
                response = render(request, "aftersales/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


def _inside(request: BuyerRequest, token: str, view: View, values: dict[str, Any]) -> HttpResponse:
    now = datetime.now(UTC)
    request.link = link_of(token=token)
    merchant_id = request.link.merchant_id
    # Counted before, and outside of the transaction: no refusal takes its count back.
    if request.method == "POST":
        _count(request.link, now)
    with tenancy.scope(merchant_id=merchant_id, actor=BUYER, request_id=request.request_id):
        check_link(link=request.link, now=now)
        request.house = merchants.merchant(merchant_id=merchant_id)
        with timezone.override(ZoneInfo(request.house.timezone)):
            return view(request, token=token, **values)


def _count(link: Link, now: datetime) -> None:
    subject = f"aftersales.link:{link.merchant_id}:{link.thing_id}"
    pause = attempts.take(subject=subject, most=MOST_ASKED, within=WITHIN, now=now)
    if pause is not None:
        raise TooManyTries(retry_after_seconds=int(pause.total_seconds()) + 1)
