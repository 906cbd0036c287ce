"""The page on which a buyer pays at the simulated provider. Whoever has its link may pay there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from santong.kernel import cells, tenancy
from santong.kernel.money import money_text
from santong.merchants import public as merchants
from santong.payments.contracts.providers import Refused
from santong.payments.models import SimulatedPayment
from santong.payments.selectors.simulated.payments import is_disputed, payment_by_page
from santong.payments.selectors.simulated.seen import payment_seen
from santong.payments.services.act_as_buyer import BUYERS_ACTIONS, act_as_buyer

TEMPLATE: Final = "payments/pay_simulated.html"
_TOKEN: Final = re.compile(r"([0-9a-f]{1,15})-[A-Za-z0-9_-]{4,60}")
TROUBLE: Final = (
    "pay_and_lose_the_notice",
    "pay_and_tell_late",
    "pay_and_tell_twice",
    "pay_and_tell_in_disorder",
    "pay_every_code",
)
DECISIONS: Final = ("decide_for_the_shop", "decide_for_the_buyer")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def pay_page(request: HttpRequest, page_token: str) -> HttpResponse:
    """What is asked for, and what the buyer can do about it; once done, how it stands."""
    merchant_id = _merchant_of(page_token)
    now = datetime.now(UTC)
    request_id: str = getattr(request, "request_id", "")
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _act(request, merchant_id, page_token, now)
        if status == HTTPStatus.OK:
            return HttpResponseRedirect(request.path)
    with tenancy.scope(merchant_id=merchant_id, request_id=request_id):
        payment = _payment(merchant_id, page_token)
        merchant = merchants.merchant(merchant_id=merchant_id)
        values = _values(payment, host=request.get_host(), now=now)
    with timezone.override(ZoneInfo(merchant.timezone)):
        response = render(
            request,
            TEMPLATE,
            {
                **values,
                "merchant": merchant,
                "is_too_late": status != HTTPStatus.OK,
                "trouble": TROUBLE,
            },
            status=status,
        )
    add_never_cache_headers(response)
    return response


def _merchant_of(page_token: str) -> int:
    """The merchant whose page it is: its number begins the token, which says nothing else."""
    shape = _TOKEN.fullmatch(page_token)
    if shape is None:
        raise Http404
    merchant_id = int(shape[1], 16)
    try:
        cells.cell_of(merchant_id)
    except cells.UnknownMerchant:
        raise Http404 from None
    return merchant_id


def _act(request: HttpRequest, merchant_id: int, page_token: str, now: datetime) -> HTTPStatus:
    wanted = request.POST.get("action", "")
    action = next((action for action in BUYERS_ACTIONS if action == wanted), None)
    if action is None:
        return HTTPStatus.BAD_REQUEST
    try:
        with tenancy.scope(merchant_id=merchant_id, request_id=getattr(request, "request_id", "")):
            payment = _payment(merchant_id, page_token)
            act_as_buyer(
                merchant_id=merchant_id, reference=payment.reference, action=action, now=now
            )
    except Refused:
        return HTTPStatus.CONFLICT
    return HTTPStatus.OK


def _payment(merchant_id: int, page_token: str) -> SimulatedPayment:
    payment = payment_by_page(merchant_id=merchant_id, page_token=page_token)
    if payment is None:
        raise Http404
    return payment


def _values(payment: SimulatedPayment, *, host: str, now: datetime) -> dict[str, object]:
    seen = payment_seen(payment, now=now)
    return_url = payment.return_url
    # A demonstration has no certificate, and leads back to itself all the same.
    is_ours = url_has_allowed_host_and_scheme(return_url, allowed_hosts={host})
    return {
        "amount": money_text(minor=payment.amount_minor, currency=payment.currency),
        "subject": payment.subject,
        "reference": payment.reference,
        "expires_at": payment.expires_at,
        "seen": seen,
        "state": seen.state,
        "refunded": money_text(minor=payment.refunded_minor, currency=payment.currency)
        if payment.refunded_minor
        else "",
        "disputed": money_text(minor=payment.disputed_minor, currency=payment.currency)
        if payment.disputed_minor
        else "",
        "quarrel": _quarrel(payment),
        "return_url": return_url if is_ours or return_url.startswith("https://") else "",
    }


def _quarrel(payment: SimulatedPayment) -> tuple[str, ...]:
    """What may be done about a paid payment: complain, or decide what was complained about."""
    if is_disputed(merchant_id=payment.merchant_id, payment_id=payment.id):
        return DECISIONS
    left = payment.paid_minor - payment.refunded_minor - payment.disputed_minor
    return ("dispute",) if left else ()
