"""Who works with the merchant's Santong: people and programs."""

from __future__ import annotations

from django.http import HttpResponse

from santong.console.views.frame import page, shown
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after
from santong.merchants import public as merchants
from santong.stores import public as stores

SHOWN = 50


@page("staff.view")
def staff_list(request: MerchantRequest) -> HttpResponse:
    """People with their roles and the places at which they have them."""
    found = merchants.staff_page(
        merchant_id=request.merchant_id,
        location_ids=request.actor.location_ids,
        before=before_id(request.GET.get("cursor")),
        limit=SHOWN,
    )
    people = found[:SHOWN]
    grants = merchants.grants_by_staff(
        merchant_id=request.merchant_id, staff_ids=[person.id for person in people]
    )
    named = {grant.location_id for each in grants.values() for grant in each if grant.location_id}
    values = {
        "people": people,
        "grants": grants,
        "places": stores.locations_by_id(merchant_id=request.merchant_id, location_ids=named),
        "brands": {each.id: each for each in merchants.brands(merchant_id=request.merchant_id)},
        "next": f"cursor={cursor_after(people[-1].id)}" if len(found) > SHOWN else "",
    }
    return shown(request, "staff", values, section="staff")


@page("tokens.view")
def token_list(request: MerchantRequest) -> HttpResponse:
    """Programs' keys, without their secrets."""
    found = merchants.tokens_page(
        merchant_id=request.merchant_id,
        before=before_id(request.GET.get("cursor")),
        limit=SHOWN,
    )
    tokens = found[:SHOWN]
    values = {
        "tokens": tokens,
        "next": f"cursor={cursor_after(tokens[-1].id)}" if len(found) > SHOWN else "",
    }
    return shown(request, "tokens", values, section="tokens")
