"""A coupon is used in a store: the clerk types or scans its code on a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.benefits import public as benefits
from santong.console.views.fields import whole_number
from santong.console.views.frame import command, page, sentence_of, shown
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, id_of
from santong.stores import public as stores

LONGEST_CODE: Final = 60
MOST_MINOR: Final = 1_000_000_000
PLACES_SHOWN: Final = 50


@page("benefits.redeem")
def redeem(request: MerchantRequest) -> HttpResponse:
    """Where a code is typed."""
    return _redeem_page(request)


@page("benefits.redeem", method="POST")
def look(request: MerchantRequest) -> HttpResponse:
    """What a code opens; wrong codes are counted, and the count stays."""
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    with transaction.atomic():
        found = benefits.open_code(
            merchant_id=request.merchant_id, code=code, now=datetime.now(UTC)
        )
    if not isinstance(found, benefits.Coupon):
        return _redeem_page(request, code=code, refused=found)
    return _redeem_page(request, code=code, coupon=found)


@page("benefits.redeem", method="POST")
def use(request: MerchantRequest) -> HttpResponse:
    """Use the coupon that the code opens, once, at one of this person's places."""
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    now = datetime.now(UTC)
    with transaction.atomic():
        found = benefits.open_code(merchant_id=request.merchant_id, code=code, now=now)
    if not isinstance(found, benefits.Coupon):
        return _redeem_page(request, code=code, refused=found)
    coupon = found

    def act() -> str:
        benefits.redeem(
            merchant_id=request.merchant_id,
            coupon_id=coupon.id,
            amount_minor=whole_number(request, "amount_minor", least=0, most=MOST_MINOR),
            channel="store",
            location_id=_place(request),
            key=f"console-{request.POST.get('key', '')[:80]}",
            now=now,
        )
        messages.success(request, _("The coupon is used."))
        return "/console/redeem/"

    return command(
        request,
        act=act,
        again=lambda refused: _redeem_page(request, code=code, coupon=coupon, refused=refused),
    )


def _redeem_page(
    request: MerchantRequest,
    *,
    code: str = "",
    coupon: benefits.Coupon | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    values: dict[str, Any] = {
        "code": code,
        "coupon": coupon,
        "batch": _batch(request, coupon.batch_id) if coupon else None,
        "places": stores.locations_page(
            merchant_id=request.merchant_id,
            search="",
            location_ids=request.actor.location_ids,
            limit=PLACES_SHOWN,
        ),
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "redeem", values, section="redeem", status=status)


def _batch(request: MerchantRequest, batch_id: int) -> benefits.Batch:
    (found,) = benefits.batches_page(
        merchant_id=request.merchant_id, before_id=min(batch_id + 1, LARGEST_ID), limit=1
    )
    return found


def _place(request: MerchantRequest) -> int:
    wanted = id_of(request.POST.get("place", ""), kind="location")
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in places or not request.actor.may_at(wanted):
        raise NoSuch(kind="location", key=str(wanted))
    return wanted
