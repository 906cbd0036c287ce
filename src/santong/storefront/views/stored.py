"""Prepaid cards and gift cards of a member: what is on them, paying, giving one away."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.pages import id_of
from santong.prepaid import public as prepaid
from santong.storefront.views.frame import MemberRequest, page, shown

SHOWN = 100
LONGEST_NUMBER = 40
LONGEST_TOKEN = 60


@page("GET", "HEAD")
def stored_page(request: MemberRequest) -> HttpResponse:
    """Every card that is registered to the member, with what is on it."""
    return _list(request)


@page("POST")
def stored_register(request: MemberRequest) -> HttpResponse:
    """Register a card by number and secret. A wrong try is counted, so nothing is rolled back."""
    number = request.POST.get("number", "")[:LONGEST_NUMBER].replace(":", "")
    secret = request.POST.get("secret", "")[:LONGEST_NUMBER]
    try:
        with transaction.atomic():
            found = prepaid.register(
                merchant_id=request.house.id,
                person_id=request.member.person_id,
                token=f"{number}:{secret}",
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return _list(request, problem=gettext(refused.code), status=refused.status)
    if found.card is None:
        problem = gettext(
            "prepaid.too_many_tries" if found.wait_seconds else "prepaid.card_refused"
        )
        # Not a refusal to the server: the try has to stay counted.
        return _list(request, problem=problem)
    messages.success(request, gettext("The card is yours now."))
    return _to_card(request, found.card.id)


@page("GET", "HEAD")
def stored_card(request: MemberRequest, card_id: str) -> HttpResponse:
    """One card of the member: what is on it, what ends when, its statement."""
    return _card(request, _own(request, card_id))


@page("POST")
def stored_pay(request: MemberRequest, card_id: str) -> HttpResponse:
    """A code that pays once, to be shown at the till; it is on this page and nowhere else."""
    card = _own(request, card_id)
    try:
        with transaction.atomic():
            code = prepaid.make_pay_code(
                merchant_id=request.house.id,
                card_id=card.id,
                person_id=request.member.person_id,
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return _card(request, card, problem=gettext(refused.code), status=refused.status)
    return _card(request, card, pay_code=code)


@page("POST")
def stored_give(request: MemberRequest, card_id: str) -> HttpResponse:
    """A link by which somebody else gets the card; it is on this page and nowhere else."""
    card = _own(request, card_id)
    try:
        with transaction.atomic():
            offered = prepaid.offer_gift(
                merchant_id=request.house.id,
                card_id=card.id,
                person_id=request.member.person_id,
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return _card(request, card, problem=gettext(refused.code), status=refused.status)
    where = reverse("storefront:gift", args=[request.house.code])
    link = request.build_absolute_uri(f"{where}?token={offered.token}")
    return _card(request, card, link=link)


@page("POST")
def stored_keep(request: MemberRequest, card_id: str) -> HttpResponse:
    """Keep a card after all that was offered."""
    card = _own(request, card_id)
    prepaid.withdraw_gift(
        merchant_id=request.house.id,
        card_id=card.id,
        person_id=request.member.person_id,
        now=datetime.now(UTC),
    )
    messages.success(request, gettext("You keep the card. The link is worth nothing any more."))
    return _to_card(request, card.id)


@page("POST")
def stored_secret(request: MemberRequest, card_id: str) -> HttpResponse:
    """A new secret for a card; it is on this page and nowhere else."""
    card = _own(request, card_id)
    secret = prepaid.renew_secret(
        merchant_id=request.house.id,
        card_id=card.id,
        person_id=request.member.person_id,
        now=datetime.now(UTC),
    )
    return _card(request, card, secret=secret)


@page("GET", "HEAD", "POST")
def gift_page(request: MemberRequest) -> HttpResponse:
    """A card that somebody gives away: the first who takes it has it."""
    if request.method != "POST":
        token = request.GET.get("token", "")[:LONGEST_TOKEN]
        return shown(request, "gift", {"token": token, "problem": ""}, tab="wallet")
    token = request.POST.get("token", "")[:LONGEST_TOKEN]
    try:
        with transaction.atomic():
            card = prepaid.take_gift(
                merchant_id=request.house.id,
                token=token,
                person_id=request.member.person_id,
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        words = "prepaid.gift_gone" if isinstance(refused, NoSuch) else refused.code
        values = {"token": "", "problem": gettext(words)}
        return shown(request, "gift", values, tab="wallet", status=refused.status)
    messages.success(request, gettext("The card is yours now."))
    return _to_card(request, card.id)


def _own(request: MemberRequest, card_id: str) -> prepaid.Card:
    number = id_of(card_id, kind="card")
    card = prepaid.card_by_id(merchant_id=request.house.id, card_id=number)
    if card.person_id != request.member.person_id:
        raise NoSuch(kind="card", key=str(number))
    return card


def _to_card(request: MemberRequest, card_id: int) -> HttpResponse:
    where = reverse("storefront:stored_card", args=[request.house.code, card_id])
    return HttpResponseRedirect(where)


def _list(
    request: MemberRequest, *, problem: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    cards = prepaid.cards_of_persons(
        merchant_id=request.house.id, person_ids=[request.member.person_id]
    )
    balances = prepaid.balances_of(
        merchant_id=request.house.id,
        card_ids=[card.id for card in cards],
        now=datetime.now(UTC),
    )
    values = {
        "cards": [{"card": card, "balance": balances[card.id]} for card in cards],
        "problem": problem,
    }
    return shown(request, "stored", values, tab="wallet", status=status)


def _card(
    request: MemberRequest,
    card: prepaid.Card,
    *,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """A card's page. `more` is what is shown this once: a code, a link, a secret, a problem."""
    merchant_id, now = request.house.id, datetime.now(UTC)
    balances = prepaid.balances_of(merchant_id=merchant_id, card_ids=[card.id], now=now)
    values = {
        "card": card,
        "balance": balances[card.id],
        "number": prepaid.card_number(merchant_id=merchant_id, card_id=card.id),
        "lines": prepaid.statement_of(merchant_id=merchant_id, card_id=card.id, limit=SHOWN),
        "gift": prepaid.standing_gift(merchant_id=merchant_id, card_id=card.id, now=now),
        **more,
    }
    return shown(request, "stored_card", values, tab="wallet", status=status)
