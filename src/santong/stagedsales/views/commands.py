"""What a buyer does on their page. Each takes effect once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from santong.kernel.errors import DomainError, FieldInvalid
from santong.payments import public as payments
from santong.stagedsales.contracts import DEPOSIT
from santong.stagedsales.errors import SalePassed
from santong.stagedsales.selectors.sales import sale_by_id
from santong.stagedsales.services.accept_change import accept_change
from santong.stagedsales.services.accept_stage import accept_stage
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.end_change import decline_change
from santong.stagedsales.services.request_payment import request_payment
from santong.stagedsales.views.behind_link import (
    MAY_LEAVE,
    BuyerRequest,
    behind_link,
    in_scope,
    online_accounts,
    shown,
)


@behind_link("POST")
def pay(request: BuyerRequest, number: int) -> HttpResponse:
    """Begin the payment of the deposit, or of a stage: all that is open of it."""
    return _done(request, lambda now: _pay(request, number, now))


@behind_link("POST")
def accept(request: BuyerRequest, number: int) -> HttpResponse:
    """The work of a stage is accepted."""
    return _done(
        request,
        lambda now: accept_stage(
            merchant_id=request.merchant_id,
            sale_id=request.sale_id,
            number=number,
            by="buyer_page",
            now=now,
        ),
    )


@behind_link("POST")
def agree(request: BuyerRequest, version: int) -> HttpResponse:
    """The contract is changed as it was shown."""
    return _done(
        request,
        lambda now: accept_change(
            merchant_id=request.merchant_id, sale_id=request.sale_id, version=version, now=now
        ),
    )


@behind_link("POST")
def decline(request: BuyerRequest, version: int) -> HttpResponse:
    """The contract stays as it is."""
    return _done(
        request,
        lambda now: decline_change(
            merchant_id=request.merchant_id, sale_id=request.sale_id, version=version, now=now
        ),
    )


@behind_link("POST")
def cancel(request: BuyerRequest) -> HttpResponse:
    """Leave before the contract: all of the deposit comes back."""
    return _done(request, lambda now: _leave(request, now))


def _pay(request: BuyerRequest, number: int, now: datetime) -> None:
    sale = sale_by_id(merchant_id=request.merchant_id, sale_id=request.sale_id)
    codes = {
        each.code
        for each in online_accounts(merchant_id=request.merchant_id, currency=sale.currency)
    }
    code = request.POST.get("account", "")
    if code not in codes:
        raise FieldInvalid(pointer="/account", reason="one of the shop's accounts")
    place = next((each.document_number for each in sale.stages if each.number == number), DEPOSIT)
    open_minor = next(each.open_minor for each in sale.money if each.number == place)
    request_payment(
        merchant_id=request.merchant_id,
        sale_id=sale.id,
        number=number,
        key=f"buyer:{request.POST.get('key', '')[:40]}",
        tenders=[payments.NewTender(account_code=code, amount_minor=open_minor, way="page")],
        return_url=request.build_absolute_uri(_page_of(request)),
        now=now,
    )


def _leave(request: BuyerRequest, now: datetime) -> None:
    sale = sale_by_id(merchant_id=request.merchant_id, sale_id=request.sale_id)
    if sale.state not in MAY_LEAVE:
        raise SalePassed(state=sale.state)
    cancel_sale(
        merchant_id=request.merchant_id,
        sale_id=sale.id,
        fault="buyer",
        reason="the buyer has left",
        now=now,
    )


def _done(request: BuyerRequest, act: Callable[[datetime], object]) -> HttpResponse:
    try:
        with in_scope(request):
            act(datetime.now(UTC))
    except DomainError as refused:
        return shown(request, refused=refused)
    return HttpResponseRedirect(_page_of(request))


def _page_of(request: BuyerRequest) -> str:
    return reverse("stagedsales:sale", args=[request.token])
