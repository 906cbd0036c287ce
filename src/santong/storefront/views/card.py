"""The card, and who somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from santong.benefits import public as benefits
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
    progress: membership.TierProgress | None

    @property
    def tier_name(self) -> str:
        """What the tier is called; nothing where the programme promises none."""
        return self.progress.tier.name if self.progress else ""

    @property
    def reached(self) -> tuple[int, int]:
        """How much of the way to the next tier is behind: so many of so many."""
        if self.progress is None or self.progress.next_tier is None:
            return 1, 1
        whole = self.progress.next_tier.threshold
        return whole - self.progress.missing, max(whole, 1)


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
    values = {
        "cards": cards,
        "shown": of_choice,
        "points": _points(request, of_choice, datetime.now(UTC)),
        "coupons": _usable_coupons(request),
    }
    return shown(request, "card", values, tab="card")


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
    good = [
        card
        for card in request.member.cards
        if card.state in {"active", "dormant"} and card.programme_id in programmes
    ]
    progress = membership.tier_progress(
        merchant_id=request.house.id, cards=good, now=datetime.now(UTC)
    )
    return [
        ShownCard(
            card=card, programme=programmes[card.programme_id], progress=progress.get(card.id)
        )
        for card in good
    ]


def _points(request: MemberRequest, shown_card: ShownCard, now: datetime) -> membership.PointsShown:
    by_pool = membership.points_by_pool(
        merchant_id=request.house.id, member_ids=[request.member.id], now=now
    )
    return by_pool[request.member.id][shown_card.programme.pool_code]


def _usable_coupons(request: MemberRequest) -> int:
    """How many coupons can be used; of very many, a hundred."""
    found = benefits.wallet(
        merchant_id=request.house.id,
        member_id=request.member.id,
        now=datetime.now(UTC),
        limit=100,
    )
    return sum(each.state == "usable" for each in found)
