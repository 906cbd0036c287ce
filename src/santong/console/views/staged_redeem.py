"""A code is taken in the store: typed or scanned on the store's phone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from santong.console.views.frame import page, sentence_of, shown
from santong.console.views.staged_sales import SELL, now
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.stagedsales import public as stagedsales
from santong.stores import public as stores

LONGEST_CODE: Final = 300
PLACES_SHOWN: Final = 50


@page(SELL)
def redeem(request: MerchantRequest) -> HttpResponse:
    """Where a code is typed."""
    return _redeem_page(request)


@page(SELL, method="POST")
def take(request: MerchantRequest) -> HttpResponse:
    """Take a code once; wrong ones are counted, and the count stays."""
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    try:
        with transaction.atomic():
            taken = stagedsales.redeem(
                merchant_id=request.merchant_id,
                code=code,
                location_id=_place(request),
                device=f"console:{request.actor.id}",
                nonce=request.POST.get("key", "")[:80] or "-",
                now=now(),
            )
    except DomainError as refused:
        return _redeem_page(request, code=code, refused=refused)
    if not isinstance(taken, stagedsales.Redemption):
        return _redeem_page(request, code=code, refused=taken)
    messages.success(request, _("The code is taken. Next is the contract."))
    return HttpResponseRedirect(f"/console/staged-sales/{taken.sale_id}/")


def _redeem_page(
    request: MerchantRequest, *, code: str = "", refused: DomainError | None = None
) -> HttpResponse:
    before = refused if isinstance(refused, stagedsales.AlreadyRedeemed) else None
    values = {
        "code": code,
        "places": stores.locations_page(
            merchant_id=request.merchant_id,
            search="",
            location_ids=request.actor.location_ids,
            limit=PLACES_SHOWN,
        ),
        "refusal": sentence_of(refused) if refused else "",
        "before": before,
        "first_place": _first_place(request, before),
        "not_checked": stagedsales.NOT_CHECKED_OFFLINE,
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "staged/redeem", values, section="staged_redeem", status=status)


def _first_place(
    request: MerchantRequest, before: stagedsales.AlreadyRedeemed | None
) -> stores.Location | None:
    if before is None or before.location_id is None:
        return None
    known = int(before.location_id)
    found = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[known])
    return found.get(known)


def _place(request: MerchantRequest) -> int:
    wanted = id_of(request.POST.get("place", ""), kind="location")
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in places or not request.actor.may_at(wanted):
        raise NoSuch(kind="location", key=str(wanted))
    return wanted
