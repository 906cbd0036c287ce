"""The card, and who somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from santong.customers import public as customers
from santong.membership import public as membership
from santong.storefront.selectors.sessions import sessions_of_member
from santong.storefront.services.close_sessions import close_session
from santong.storefront.services.recognise import COOKIE
from santong.storefront.views.frame import (
    MemberRequest,
    forget_cookie,
    page,
    shown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """A card with the programme whose face it has."""

    card: membership.Card
    programme: membership.Programme
    tier_name: str


@page("GET", "HEAD")
def home(request: MemberRequest) -> HttpResponse:
    """The way in."""
    return HttpResponseRedirect(reverse("storefront:card", args=[request.house.code]))


@page("GET", "HEAD")
def card_page(request: MemberRequest) -> HttpResponse:
    """The card that a till scans; of several, the one that was chosen."""
    cards = cards_of(request)
    if not cards:
        return HttpResponseRedirect(reverse("storefront:mine", args=[request.house.code]))
    chosen = request.GET.get("card", "")
    of_choice = next((each for each in cards if str(each.card.id) == chosen), cards[0])
    return shown(request, "card", {"cards": cards, "shown": of_choice}, tab="card")


@page("GET", "HEAD")
def mine_page(request: MemberRequest) -> HttpResponse:
    """Who somebody is, masked, and where their settings are."""
    merchant_id = request.house.id
    person = customers.person_by_id(merchant_id=merchant_id, person_id=request.member.person_id)
    devices = sessions_of_member(
        merchant_id=merchant_id,
        member_id=request.member_session.member_id,
        now=datetime.now(UTC),
    )
    return shown(request, "mine", {"person": person, "devices": len(devices)}, tab="mine")


@page("POST")
def log_out(request: MemberRequest) -> HttpResponse:
    """Out, on this device."""
    close_session(
        merchant_id=request.house.id,
        session_id=request.member_session.id,
        now=datetime.now(UTC),
    )
    response = HttpResponseRedirect(reverse("storefront:log_in", args=[request.house.code]))
    forget_cookie(response, COOKIE, request.house.code)
    return response


def cards_of(request: MemberRequest) -> list[ShownCard]:
    """A member's cards that are good, the oldest first."""
    programmes = {each.id: each for each in request.house.programmes}
    return [
        ShownCard(card=card, programme=programmes[card.programme_id], tier_name=card.tier)
        for card in request.member.cards
        if card.state in {"active", "dormant"} and card.programme_id in programmes
    ]
