"""Stored value: programmes with their float, and cards with their stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.kernel.money import DIGITS
from santong.merchants import public as merchants
from santong.prepaid import public as prepaid

MONTHS_SHOWN: Final = 6
LINES_SHOWN: Final = 100
# By the name of a step: what it does, and the states of a card in which it is offered.
STEPS: Final[dict[str, tuple[Callable[..., object], tuple[str, ...]]]] = {
    "freeze": (prepaid.freeze, ("active",)),
    "unfreeze": (prepaid.unfreeze, ("frozen",)),
    "extend": (prepaid.extend, ("expired",)),
    "end": (prepaid.close_card, ("active", "frozen", "expired")),
}
ENDS: Final = "prepaid.edit"
CHANGES: Final = "prepaid.sell"


@page("prepaid.view")
def card_list(request: MerchantRequest) -> HttpResponse:
    """Programmes of cards, and cards: by the end of their number, their programme, their state."""
    merchant_id = request.merchant_id
    programmes = prepaid.programmes(merchant_id=merchant_id)
    tail = asked_text(request, "tail")[:4]
    programme = asked_word(request, "programme", among=[each.code for each in programmes])
    state = asked_word(request, "state", among=prepaid.CARD_STATES)
    found = prepaid.cards_page(
        merchant_id=merchant_id,
        tail=tail,
        programme_code=programme,
        state=state,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    brands = merchants.brands(merchant_id=merchant_id)
    values = {
        "programmes": programmes,
        "brand_by_id": {each.id: each for each in brands},
        "cards": found[:SHOWN],
        "states": prepaid.CARD_STATES,
        "tail": tail,
        "programme": programme,
        "state": state,
        "next": next_page(found, tail=tail, programme=programme, state=state),
    }
    return shown(request, "prepaid/cards", values, section="cards")


@page("prepaid.view")
def programme_detail(request: MerchantRequest, card_programme_code: str) -> HttpResponse:
    """One programme: what it promises, what the law allows, and for finance what it owes."""
    merchant_id = request.merchant_id
    programme = prepaid.programme_by_code(merchant_id=merchant_id, code=card_programme_code)
    published = prepaid.newest_terms(merchant_id=merchant_id, programme_id=programme.id)
    values: dict[str, Any] = {"programme": programme, "published": published, "months": []}
    if places_of(request, ENDS) is None:
        timezone = request.merchant.timezone  # type: ignore[attr-defined]
        months = prepaid.floats_by_month(
            merchant_id=merchant_id,
            programme_code=programme.code,
            last=datetime.now(ZoneInfo(timezone)).date(),
            months=MONTHS_SHOWN,
            timezone=timezone,
        )
        whole = 10 ** DIGITS.get(programme.currency, 2)
        percents = dict(published.terms.profile.reserve_percent_by_issuer) if published else {}
        percent = percents.get(programme.issuer_kind, 0)
        values |= {
            "months": list(reversed(months)),
            "newest": months[-1],
            "reserve_rate": f"{percent} %",
            "reserve_minor": -(-months[-1].principal_minor * percent // 100),
            "chart_months": ",".join(f"{each.month:%Y-%m}" for each in months),
            "chart_principal": ",".join(str(each.principal_minor // whole) for each in months),
        }
    return shown(request, "prepaid/programme", values, section="cards")


@page("prepaid.view")
def card_detail(request: MerchantRequest, card_id: str) -> HttpResponse:
    """One card: what is on it, what was put on it and taken from it."""
    return card_page(request, _card(request, card_id))


def card_page(
    request: MerchantRequest,
    card: prepaid.Card,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one card; with a refusal beside the form that was refused."""
    merchant_id, now = request.merchant_id, datetime.now(UTC)
    programme = prepaid.programme_by_code(merchant_id=merchant_id, code=card.programme_code)
    published = prepaid.newest_terms(merchant_id=merchant_id, programme_id=programme.id)
    values = {
        "card": card,
        "balance": prepaid.balances_of(merchant_id=merchant_id, card_ids=[card.id], now=now)[
            card.id
        ],
        "profile": published.terms.profile if published else None,
        "top_ups": prepaid.top_ups_of(merchant_id=merchant_id, card_id=card.id),
        "lines": prepaid.statement_of(merchant_id=merchant_id, card_id=card.id, limit=LINES_SHOWN),
        "gift": prepaid.standing_gift(merchant_id=merchant_id, card_id=card.id, now=now),
        "steps": [
            name
            for name, (_act, states) in STEPS.items()
            if card.state in states and places_of(request, _needed(name)) is None
        ],
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "prepaid/card", values, section="cards", status=status)


@page(CHANGES, method="POST")
def freeze(request: MerchantRequest, card_id: str) -> HttpResponse:
    """Let nothing be spent of a card."""
    return _take_step(request, card_id, "freeze")


@page(CHANGES, method="POST")
def unfreeze(request: MerchantRequest, card_id: str) -> HttpResponse:
    """Let a frozen card be used again."""
    return _take_step(request, card_id, "unfreeze")


@page(CHANGES, method="POST")
def extend(request: MerchantRequest, card_id: str) -> HttpResponse:
    """Make a bearer card good again, with what is on it."""
    return _take_step(request, card_id, "extend")


@page(ENDS, method="POST")
def end(request: MerchantRequest, card_id: str) -> HttpResponse:
    """Close a card: its principal goes back as it came, its bonus is lost."""
    return _take_step(request, card_id, "end")


def _take_step(request: MerchantRequest, card_id: str, step: str) -> HttpResponse:
    """Whoever serves at some places sees cards; to change one one works for the whole merchant."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=_needed(step))
    card = _card(request, card_id)

    def act() -> str:
        STEPS[step][0](
            merchant_id=request.merchant_id,
            card_id=card.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Done. It stands in the card's story."))
        return f"/console/cards/{card.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: card_page(request, card, refused=refused, failed=step),
    )


def _needed(step: str) -> str:
    return ENDS if step == "end" else CHANGES


def _card(request: MerchantRequest, card_id: str) -> prepaid.Card:
    return prepaid.card_by_id(merchant_id=request.merchant_id, card_id=id_of(card_id, kind="card"))
