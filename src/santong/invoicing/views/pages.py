"""The pages behind a receipt's link. No log-in: whoever has the link holds the receipt."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from santong.invoicing import contracts
from santong.invoicing.errors import LinkOver, TooManyTries
from santong.invoicing.models import Sale
from santong.invoicing.selectors.invoices import invoices_of
from santong.invoicing.selectors.links import Link, link_of
from santong.invoicing.selectors.receipts import receipt_of, sale_of_link
from santong.invoicing.services.request_invoice import request_invoice
from santong.invoicing.views.papers import invoice_paper, receipt_paper
from santong.kernel import attempts, cells, tenancy
from santong.kernel.errors import DomainError
from santong.merchants import public as merchants

BUYER = tenancy.Actor(kind="buyer", id="", name="")
MOST_ASKED = 10
WITHIN = timedelta(hours=1)
LONGEST_TYPED = 200

View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a good link."""

    request_id: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Whose receipt it is."""

    merchant: merchants.Merchant
    sale: Sale


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. It runs outside any scope, and opens one for what it does."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                request.link = link_of(token=token, now=datetime.now(UTC))
                response = view(request, token=token, **values)
            except (LinkOver, cells.UnknownMerchant):
                response = render(request, "invoicing/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


@behind_link("GET", "HEAD", "POST")
@sensitive_post_parameters("name", "number", "email")
def receipt_page(request: BuyerRequest, token: str) -> HttpResponse:
    """The receipt, its invoices, and the form that asks for one."""
    if request.method != "POST":
        return _shown(request, token)
    try:
        _asked(request)
    except DomainError as refused:
        return _shown(request, token, refused=refused)
    return HttpResponseRedirect(f"{request.path}#invoices")


@behind_link("GET", "HEAD")
def receipt_file(request: BuyerRequest, token: str) -> HttpResponse:
    """The receipt on paper."""
    with _scope(request):
        house = _house(request)
        with timezone.override(ZoneInfo(house.merchant.timezone)):
            paper = receipt_paper(
                receipt_of(merchant_id=request.link.merchant_id, sale=house.sale),
                house=house.merchant.name,
                address=request.build_absolute_uri(f"/i/{token}/"),
            )
    return _file(paper, "receipt.pdf")


@behind_link("GET", "HEAD")
def invoice_file(request: BuyerRequest, token: str, number: str) -> HttpResponse:
    """A copy of an issued invoice of this receipt."""
    with _scope(request):
        house = _house(request)
        every = invoices_of(merchant_id=request.link.merchant_id, document=house.sale.document)
        found = next((each for each in every if each.number == number), None)
        if found is None:
            raise LinkOver
        with timezone.override(ZoneInfo(house.merchant.timezone)):
            paper = invoice_paper(found)
    return _file(paper, f"{number}.pdf")


def _asked(request: BuyerRequest) -> None:
    """Ask for what is left. Tries are counted before, so that no refusal takes its count back."""
    now = datetime.now(UTC)
    subject = f"invoicing.ask:{request.link.merchant_id}:{request.link.sale_id}"
    pause = attempts.take(subject=subject, most=MOST_ASKED, within=WITHIN, now=now)
    if pause is not None:
        raise TooManyTries(retry_after_seconds=int(pause.total_seconds()) + 1)
    sent = {name: request.POST.get(name, "")[:LONGEST_TYPED] for name in request.POST}
    is_company = sent.get("kind") != "person"
    title = contracts.Title(
        kind="company" if is_company else "person",
        name=sent.get("name", ""),
        number=sent.get("number", "") if is_company else "",
        email=sent.get("email", ""),
    )
    with _scope(request):
        sale = _house(request).sale
        request_invoice(
            merchant_id=request.link.merchant_id,
            order_id=sale.order_id,
            title=title,
            form="special" if is_company and sent.get("special") else "ordinary",
            key=f"buyer:{sent.get('key', '')[:40]}",
            now=now,
        )


def _shown(
    request: BuyerRequest, token: str, *, refused: DomainError | None = None
) -> HttpResponse:
    with _scope(request):
        house = _house(request)
        values = {
            "house": house.merchant,
            "token": token,
            "receipt": receipt_of(merchant_id=request.link.merchant_id, sale=house.sale),
            "address": request.build_absolute_uri(f"/i/{token}/"),
            "refused": refused,
            "why": gettext(refused.code) if refused else "",
            "sent": request.POST if refused else {},
            "key": secrets.token_urlsafe(16),
        }
        with timezone.override(ZoneInfo(house.merchant.timezone)):
            return render(
                request,
                "invoicing/receipt.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def _scope(request: BuyerRequest) -> Any:
    return tenancy.scope(
        merchant_id=request.link.merchant_id, actor=BUYER, request_id=request.request_id
    )


def _house(request: BuyerRequest) -> House:
    return House(
        merchant=merchants.merchant(merchant_id=request.link.merchant_id),
        sale=sale_of_link(link=request.link),
    )


def _file(paper: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
