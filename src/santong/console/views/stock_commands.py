"""Correcting the books: by an amount, or by what was counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.frame import command, page
from santong.console.views.stock import level_page
from santong.inventory import public as inventory
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of

MOST_UNITS: Final = 1_000_000
LONGEST_REASON: Final = 200


@page("stock.adjust", method="POST")
def adjust(request: MerchantRequest, location_id: str, sku_id: str) -> HttpResponse:
    """Put more or less into the books, for a reason."""
    place, sku = _own_place(request, location_id), id_of(sku_id, kind="sku")

    def act() -> str:
        inventory.adjust(
            merchant_id=request.merchant_id,
            location_id=place,
            sku_id=sku,
            delta=_units(request, "delta", least=-MOST_UNITS),
            reason=_reason(request),
            key=_key(request),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The stock is corrected."))
        return f"/console/stock/places/{place}/{sku}/"

    return command(
        request,
        act=act,
        again=lambda refused: level_page(
            request, location_id, sku_id, refused=refused, failed="adjust"
        ),
    )


@page("stock.count", method="POST")
def count(request: MerchantRequest, location_id: str, sku_id: str) -> HttpResponse:
    """Write down what somebody has counted."""
    place, sku = _own_place(request, location_id), id_of(sku_id, kind="sku")

    def act() -> str:
        inventory.count(
            merchant_id=request.merchant_id,
            location_id=place,
            counted_by_sku={sku: _units(request, "counted", least=0)},
            reason=request.POST.get("reason", "").strip()[:LONGEST_REASON],
            key=_key(request),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The count is recorded."))
        return f"/console/stock/places/{place}/{sku}/"

    return command(
        request,
        act=act,
        again=lambda refused: level_page(
            request, location_id, sku_id, refused=refused, failed="count"
        ),
    )


def _own_place(request: MerchantRequest, location_id: str) -> int:
    place = id_of(location_id, kind="location")
    if not request.actor.may_at(place):
        raise NoSuch(kind="location", key=location_id)
    return place


def _units(request: MerchantRequest, name: str, *, least: int) -> int:
    text = request.POST.get(name, "").strip().replace("−", "-")
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST_UNITS))):
        raise FieldInvalid(pointer=f"/{name}", reason="a whole number")
    units = int(text)
    if not least <= units <= MOST_UNITS or (least < 0 and not units):
        raise FieldInvalid(pointer=f"/{name}", reason="out of range")
    return units


def _reason(request: MerchantRequest) -> str:
    text = request.POST.get("reason", "").strip()
    if not 0 < len(text) <= LONGEST_REASON or not text.isprintable():
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    return text


def _key(request: MerchantRequest) -> str:
    return f"console:{request.POST.get('key', '')[:80]}"
