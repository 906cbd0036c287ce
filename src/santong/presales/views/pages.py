"""The page behind a presale order's link. No log-in: whoever has the link pays and lets go."""

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

from santong.kernel import attempts, cells, tenancy
from santong.kernel.errors import Busy, DomainError, FieldInvalid, NoSuch
from santong.kernel.links import Link
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import contracts
from santong.presales.errors import PresaleLinkOver
from santong.presales.rules.amounts import compensation_minor
from santong.presales.rules.buyers_page import may_let_go, part_of, step_of
from santong.presales.selectors.links import is_link_over, link_of, link_path
from santong.presales.selectors.presales import compensation_of, presale_by_id
from santong.presales.services.ask_payment import ask_another_way
from santong.presales.services.cancel_presale import cancel_presale

BUYER: Final = tenancy.Actor(kind="buyer", id="", name="")
MOST_ASKED: Final = 20
WITHIN: Final = timedelta(hours=1)
LONGEST_KEY: Final = 40
# Where a buyer can pay alone, with a page of the provider's.
ONLINE: Final = frozenset({"simulated", "alipay", "wechat_pay"})

View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a good link."""

    request_id: str
    link: Link


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. It runs outside any scope, and opens one for what it does."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                request.link = link_of(token=token)
                response = view(request, token)
            except (PresaleLinkOver, NoSuch, cells.UnknownMerchant):
                response = render(request, "presales/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


@behind_link("GET", "HEAD")
def presale_page(request: BuyerRequest, token: str) -> HttpResponse:
    """What was agreed, what is to be paid and when, and what happens if it is not."""
    return _shown(request, token)


@behind_link("POST")
def pay(request: BuyerRequest, token: str) -> HttpResponse:
    """Ask for the deposit or the balance by the way that the buyer chose."""

    def act(presale: contracts.Presale, now: datetime) -> None:
        part = part_of(step=step_of(presale=presale, now=now))
        account = request.POST.get("account", "")
        if account not in {each.code for each in _accounts(request, presale)}:
            raise FieldInvalid(pointer="/account", reason="not one of the choices")
        ask_another_way(
            merchant_id=request.link.merchant_id,
            presale_id=presale.id,
            part=part or "balance",
            key=f"buyer:{request.POST.get('key', '')[:LONGEST_KEY]}",
            account_code=account,
            return_url=request.build_absolute_uri(link_path(token=token)),
            now=now,
        )

    return _done(request, token, act)


@behind_link("POST")
def let_go(request: BuyerRequest, token: str) -> HttpResponse:
    """Let it go; the buyer has been told what it costs, and says so."""

    def act(presale: contracts.Presale, now: datetime) -> None:
        if request.POST.get("sure") != "yes":
            raise FieldInvalid(pointer="/sure", reason="say that you are sure")
        cancel_presale(
            merchant_id=request.link.merchant_id,
            presale_id=presale.id,
            reason=gettext("cancelled by the buyer"),
            now=now,
        )

    return _done(request, token, act)


def _done(
    request: BuyerRequest, token: str, act: Callable[[contracts.Presale, datetime], None]
) -> HttpResponse:
    """Act once, and show how it stands. Tries are counted first, so no refusal takes them back."""
    now = datetime.now(UTC)
    subject = f"presales.page:{request.link.merchant_id}:{request.link.thing_id}"
    try:
        if attempts.take(subject=subject, most=MOST_ASKED, within=WITHIN, now=now) is not None:
            raise Busy
        with _scope(request):
            act(_presale(request), now)
    except (PresaleLinkOver, NoSuch):
        raise
    except DomainError as refused:
        return _shown(request, token, refused=refused)
    return HttpResponseRedirect(link_path(token=token))


def _shown(
    request: BuyerRequest, token: str, *, refused: DomainError | None = None
) -> HttpResponse:
    now = datetime.now(UTC)
    with _scope(request):
        presale = _presale(request)
        house = merchants.merchant(merchant_id=request.link.merchant_id)
        order = orders.order_by_id(merchant_id=request.link.merchant_id, order_id=presale.order_id)
        step = step_of(presale=presale, now=now)
        asked = _asked(request, presale, now) if part_of(step=step) else None
        names = {line.sku_code: line.sku_name for line in order.lines}
        values = {
            "house": house,
            "token": token,
            "presale": presale,
            "goods": [(names.get(line.sku_code, line.sku_code), line) for line in presale.lines],
            "order": order,
            "step": step,
            "part": part_of(step=step),
            "open_minor": _open_minor(presale, order, step),
            "accounts": _accounts(request, presale) if part_of(step=step) else [],
            "asked": asked,
            "may_let_go": may_let_go(step=step),
            "twofold_minor": compensation_minor(
                deposit_minor=presale.amounts.deposit_minor, forfeit=presale.forfeit
            ),
            "compensation": compensation_of(
                merchant_id=request.link.merchant_id, presale_id=presale.id
            ),
            "zone": house.timezone,
            "refused": refused,
            "why": gettext(refused.code) if refused else "",
            "key": secrets.token_urlsafe(16),
        }
        with timezone.override(ZoneInfo(house.timezone)):
            return render(
                request,
                "presales/presale.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def _presale(request: BuyerRequest) -> contracts.Presale:
    found = presale_by_id(merchant_id=request.link.merchant_id, presale_id=request.link.thing_id)
    if is_link_over(link=request.link, presale=found, now=datetime.now(UTC)):
        raise PresaleLinkOver
    return found


def _open_minor(presale: contracts.Presale, order: orders.Order, step: str) -> int:
    whole = presale.amounts.deposit_minor if step == "pay_deposit" else order.total_minor
    return max(0, whole - order.paid_minor)


def _accounts(request: BuyerRequest, presale: contracts.Presale) -> list[payments.PaymentAccount]:
    """Where the buyer can pay: one account for each way."""
    found: dict[str, payments.PaymentAccount] = {}
    for each in payments.payment_accounts(merchant_id=request.link.merchant_id):
        if each.is_open and each.provider in ONLINE and each.currency == presale.currency:
            found.setdefault(each.method, each)
    return list(found.values())


def _asked(
    request: BuyerRequest, presale: contracts.Presale, now: datetime
) -> payments.Tender | None:
    """What the buyer was asked for last, if it can still be paid."""
    intents = payments.intents_of(merchant_id=request.link.merchant_id, document=presale.document)
    for intent in intents:
        if intent.state == "open" and now < intent.expires_at and intent.tenders:
            return intent.tenders[-1]
    return None


def _scope(request: BuyerRequest) -> Any:
    return tenancy.scope(
        merchant_id=request.link.merchant_id, actor=BUYER, request_id=request.request_id
    )
