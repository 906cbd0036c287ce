"""A clerk joins a buyer to an offer, by telephone or at the counter, and hands out the link."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import command, page, places_of
from santong.console.views.presale_offers import SELLS, offer_of, offer_page, places_to_sell_at
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.orders import public as orders
from santong.presales import public as presales


@page(SELLS, method="POST")
def join(request: MerchantRequest, presale_offer_id: str) -> HttpResponse:
    """Take units for a buyer; the page that follows has their link, where they pay the deposit."""
    offer = offer_of(request, presale_offer_id)

    def act() -> str:
        joined = presales.join(
            merchant_id=request.merchant_id,
            offer_id=offer.id,
            key=f"console:{request.POST.get('key', '')[:60]}",
            quantity_by_sku=_wanted(request, offer),
            recipient=_recipient(request),
            seller_location_code=_place(request),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Joined. Send the buyer the link below: they pay there."))
        return f"/console/presales/orders/{joined.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: offer_page(request, offer, refused=refused, failed="join"),
    )


def _wanted(request: MerchantRequest, offer: presales.Offer) -> dict[str, int]:
    codes = [line.sku_code for line in offer.terms.lines]
    units = request.POST.get("units", "")
    if not (units.isascii() and units.isdigit() and len(units) < len("10000")):
        raise FieldInvalid(pointer="/units", reason="a number of units")
    return {choice_of(request, "sku", among=codes): int(units)}


def _place(request: MerchantRequest) -> str | None:
    """Who works at some places sells there, and nowhere else."""
    code = optional_text(request, "place", longest=40)
    known = {each.code for each in places_to_sell_at(request)}
    if code in known:
        return code
    if code or places_of(request, SELLS) is not None:
        raise NoSuch(kind="location", key=code)
    return None


def _recipient(request: MerchantRequest) -> orders.Recipient:
    return orders.Recipient(
        name=text_of(request, "name", longest=100),
        phone=text_of(request, "phone", longest=40),
        province=optional_text(request, "province", longest=60),
        city=text_of(request, "city", longest=60),
        district=optional_text(request, "district", longest=60),
        address=text_of(request, "address", longest=300),
    )
