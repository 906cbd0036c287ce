"""Pages that a secret link opens. No log-in: whoever has the link speaks for the buyer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from santong.fieldservice.errors import LinkOver
from santong.fieldservice.selectors.links import link_of, visit_of_link
from santong.kernel import cells, tenancy
from santong.kernel.links import Link

BUYER = tenancy.Actor(kind="buyer", id="", name="")
View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a link that we wrote."""

    request_id: str
    link: Link


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. It runs outside any scope, and opens one for what it does."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                request.link = link_of(token=token)
                response = view(request, token=token, **values)
            except (LinkOver, cells.UnknownMerchant):
                response = render(request, "fieldservice/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


def scope_of(request: BuyerRequest) -> Any:
    """The merchant's scope, as the buyer."""
    return tenancy.scope(
        merchant_id=request.link.merchant_id, actor=BUYER, request_id=request.request_id
    )


def visit_behind(request: BuyerRequest) -> int:
    """The visit that the link opens now. Runs in the scope. Raises LinkOver."""
    return visit_of_link(link=request.link, now=datetime.now(UTC))
