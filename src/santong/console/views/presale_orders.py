"""Presale orders: the list, and one as a story beside its order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.buyer_link import BuyerLink, buyer_link
from santong.console.views.fields import text_of
from santong.console.views.frame import (
    may_at,
    page,
    places_of,
    plain_command,
    sentence_of,
    shown,
)
from santong.console.views.lists import SHOWN, asked_word, next_page
from santong.kernel import audit
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import public as presales

VIEWS: Final = "presales.view"
SELLS: Final = "presales.sell"
EDITS: Final = "presales.edit"
OPEN: Final = ("asked", "deposit_paid")


@page(VIEWS)
def presale_list(request: MerchantRequest) -> HttpResponse:
    """Presale orders, newest first, by offer and state."""
    offers = presales.offers_page(merchant_id=request.merchant_id, limit=200)
    offer = asked_word(request, "offer", among=[str(each.id) for each in offers])
    state = asked_word(request, "state", among=presales.PRESALE_STATES)
    found = presales.presales_page(
        merchant_id=request.merchant_id,
        offer_id=int(offer) if offer else None,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        location_ids=request.actor.location_ids,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "presales": found[:SHOWN],
        "offers": offers,
        "offer": offer,
        "state": state,
        "states": presales.PRESALE_STATES,
        "next": next_page(found, offer=offer, state=state),
    }
    return shown(request, "presales/presales", values, section="presale_offers")


@page(VIEWS)
def presale_detail(request: MerchantRequest, presale_id: str) -> HttpResponse:
    """One presale order: what was agreed, its money, and what happened."""
    return presale_page(request, _presale(request, presale_id))


def presale_page(
    request: MerchantRequest,
    presale: presales.Presale,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one presale order; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    order = orders.order_by_id(merchant_id=merchant_id, order_id=presale.order_id)
    owed = presales.compensation_of(merchant_id=merchant_id, presale_id=presale.id)
    may_sell = _may(request, SELLS, presale)
    may_edit = _may(request, EDITS, presale)
    names = {line.sku_code: line.sku_name for line in order.lines}
    values = {
        "presale": presale,
        "order": order,
        "lines": [(names.get(each.sku_code, each.sku_code), each) for each in presale.lines],
        "owed": owed,
        "intents": payments.intents_of(merchant_id=merchant_id, document=presale.document),
        "story": audit.trail_of(
            merchant_id=merchant_id, subject="presale", subject_ids=[presale.id]
        ),
        "link": _link(request, presale) if may_sell else None,
        "is_balance_open": presale.is_balance_open(now=datetime.now(UTC)),
        "may_cancel": may_sell and presale.state in OPEN,
        "may_fail": may_edit and presale.state in (*OPEN, "paid"),
        "may_compensate": may_edit and owed is not None and owed.state == "owed",
        "twofold_minor": presales.compensation_minor(
            deposit_minor=presale.amounts.deposit_minor, forfeit=presale.forfeit
        ),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "presales/presale", values, section="presale_offers", status=status)


@page(SELLS, method="POST")
def cancel(request: MerchantRequest, presale_id: str) -> HttpResponse:
    """Let it go for the buyer: of a deposit, what was agreed is kept."""
    return _about(
        request,
        presale_id,
        act=presales.cancel_presale,
        said=_("Cancelled. What is owed goes back."),
        form="cancel",
    )


@page(EDITS, method="POST")
def fail(request: MerchantRequest, presale_id: str) -> HttpResponse:
    """The merchant cannot deliver."""
    return _about(
        request,
        presale_id,
        act=presales.fail_presale,
        said=_("Given up. All that was paid goes back."),
        form="fail",
    )


@page(EDITS, method="POST")
def compensate(request: MerchantRequest, presale_id: str) -> HttpResponse:
    """A compensation was paid by hand."""
    presale = _presale(request, presale_id)
    return plain_command(
        request,
        write=lambda: presales.pay_compensation(
            merchant_id=request.merchant_id,
            presale_id=presale.id,
            reference=text_of(request, "reference", longest=120),
            now=datetime.now(UTC),
        ),
        said=_("Noted: the compensation is paid."),
        where=_page_of(presale),
        again=lambda refused: presale_page(request, presale, refused=refused, failed="compensate"),
    )


@page(SELLS, method="POST")
def renew_link(request: MerchantRequest, presale_id: str) -> HttpResponse:
    """Another link for the buyer; those that were given so far open nothing any more."""
    presale = _presale(request, presale_id)
    return plain_command(
        request,
        write=lambda: presales.renew_link(
            merchant_id=request.merchant_id, presale_id=presale.id, now=datetime.now(UTC)
        ),
        said=_("There is another link. The old one opens nothing any more."),
        where=_page_of(presale),
        again=lambda refused: presale_page(request, presale, refused=refused, failed="link"),
    )


def _about(
    request: MerchantRequest, presale_id: str, *, act: Callable[..., Any], said: str, form: str
) -> HttpResponse:
    presale = _presale(request, presale_id)
    return plain_command(
        request,
        write=lambda: act(
            merchant_id=request.merchant_id,
            presale_id=presale.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=said,
        where=_page_of(presale),
        again=lambda refused: presale_page(request, presale, refused=refused, failed=form),
    )


def _link(request: MerchantRequest, presale: presales.Presale) -> BuyerLink:
    path = presales.path_of(merchant_id=request.merchant_id, presale=presale)
    return buyer_link(request, path, renew="presale_link", thing_id=presale.id)


def _presale(request: MerchantRequest, presale_id: str) -> presales.Presale:
    return presales.presale_by_id(
        merchant_id=request.merchant_id,
        presale_id=id_of(presale_id, kind="presale"),
        location_ids=request.actor.location_ids,
    )


def _may(request: MerchantRequest, permission: str, presale: presales.Presale) -> bool:
    """Whether somebody has a permission where this was sold."""
    if presale.seller_location_id is None:
        return places_of(request, permission) is None
    return may_at(request, permission, presale.seller_location_id)


def _page_of(presale: presales.Presale) -> str:
    return f"/console/presales/orders/{presale.id}/"
