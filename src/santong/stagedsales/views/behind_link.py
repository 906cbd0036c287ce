"""What every page behind a buyer's link shares. No log-in: whoever has the link is the buyer."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from santong.evidence import public as evidence
from santong.kernel import cells, tenancy
from santong.kernel.errors import DomainError
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.stagedsales import contracts
from santong.stagedsales.errors import SaleLinkOver
from santong.stagedsales.rules.states import BEFORE_CONTRACT, UNDER_CONTRACT
from santong.stagedsales.selectors.links import check_link, link_of
from santong.stagedsales.selectors.sales import code_for_buyer, sale_by_id
from santong.stagedsales.selectors.scanned import scanned_form
from santong.stagedsales.selectors.sealing import acceptance_code
from santong.stores import public as stores

BUYER = tenancy.Actor(kind="buyer", id="", name="")
# Money that only comes in over a counter, or where somebody else collects it.
NOT_ONLINE = frozenset({"external", "cash", "terminal", "prepaid", "gift_card"})
# Before that a buyer may leave by themselves: all of the deposit comes back.
MAY_LEAVE = BEFORE_CONTRACT - {"deposit_paid"}

View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a good link, inside the scope of its merchant."""

    request_id: str
    merchant_id: int
    sale_id: int
    token: str


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. It runs outside any scope, and opens the merchant's."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                link = link_of(token=token)
                request.merchant_id, request.sale_id = link.merchant_id, link.thing_id
                with in_scope(request):
                    check_link(link=link, now=datetime.now(UTC))
                request.token = token
                response = view(request, **values)
            except (SaleLinkOver, cells.UnknownMerchant):
                response = render(request, "stagedsales/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


def in_scope(request: BuyerRequest) -> Any:
    """The merchant's scope, in which the buyer acts."""
    return tenancy.scope(
        merchant_id=request.merchant_id, actor=BUYER, request_id=request.request_id
    )


def shown(request: BuyerRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The page of a sale as it stands now; with a refusal on top."""
    with in_scope(request):
        merchant = merchants.merchant(merchant_id=request.merchant_id)
        sale = sale_by_id(merchant_id=request.merchant_id, sale_id=request.sale_id)
        values = {
            "house": merchant,
            "token": request.token,
            "sale": sale,
            "place": _place(request, sale),
            "number": code_for_buyer(merchant_id=request.merchant_id, sale_id=sale.id),
            "scanned": _scanned(request, sale),
            "asked": _asked(request, sale),
            "accounts": _accounts(request, sale),
            "to_accept": _to_accept(sale),
            "photos": _photos(request, sale),
            "may_leave": sale.state in MAY_LEAVE,
            "is_under_contract": sale.state in UNDER_CONTRACT,
            "refused": refused,
            "why": gettext(refused.code) if refused else "",
            "key": secrets.token_urlsafe(16),
        }
        with timezone.override(ZoneInfo(merchant.timezone)):
            return render(
                request,
                "stagedsales/sale.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def online_accounts(*, merchant_id: int, currency: str) -> list[payments.PaymentAccount]:
    """Where a buyer pays on their own page."""
    return [
        each
        for each in payments.payment_accounts(merchant_id=merchant_id)
        if each.is_open and each.currency == currency and each.provider not in NOT_ONLINE
    ]


def _accounts(request: BuyerRequest, sale: contracts.StagedSale) -> list[payments.PaymentAccount]:
    return online_accounts(merchant_id=request.merchant_id, currency=sale.currency)


def _place(request: BuyerRequest, sale: contracts.StagedSale) -> stores.Location | None:
    if sale.location_id is None:
        return None
    found = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[sale.location_id])
    return found.get(sale.location_id)


def _scanned(request: BuyerRequest, sale: contracts.StagedSale) -> str:
    if sale.code is None or sale.code.state != "issued":
        return ""
    return scanned_form(merchant_id=request.merchant_id, sale_id=sale.id)


def _asked(request: BuyerRequest, sale: contracts.StagedSale) -> dict[int, str]:
    """By document, where a payment that was begun goes on; nothing while it is prepared."""
    found: dict[int, str] = {}
    for money in sale.money:
        for intent in payments.intents_of(merchant_id=request.merchant_id, document=money.document):
            if intent.state == "open":
                payloads = [each.payload for each in intent.tenders if each.payload]
                found[money.number] = payloads[0] if payloads else ""
    return found


def _to_accept(sale: contracts.StagedSale) -> list[tuple[contracts.SaleStage, str]]:
    """Work that is done and waits for the buyer, with the digits they may show instead."""
    if sale.state not in UNDER_CONTRACT:
        return []
    return [
        (
            stage,
            acceptance_code(
                merchant_id=tenancy.current().merchant_id, sale_id=sale.id, number=stage.number
            ),
        )
        for stage in sale.stages
        if stage.done_at and not stage.accepted_at and stage.state not in {"waived", "refunded"}
    ]


def _photos(request: BuyerRequest, sale: contracts.StagedSale) -> list[evidence.Evidence]:
    rows = evidence.of_subject(merchant_id=request.merchant_id, subject=sale.subject)
    return [row for row in rows if row.erased_at is None]
