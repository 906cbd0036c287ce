"""Cards over HTTP: sold, filled, looked at, ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.prepaid import contracts
from santong.prepaid.api.routes import Limit, fields, router
from santong.prepaid.api.schemas import (
    CardReasonIn,
    CardSaleIn,
    CardStatementOut,
    CardTokenIn,
    CardTopUpIn,
    CardTopUpOut,
    CheckedCardOut,
    ClosedCardOut,
    PrepaidCardOut,
    PrepaidCardWithBalanceOut,
    SoldCardOut,
)
from santong.prepaid.selectors.cards import (
    balances_of,
    card_by_id,
    cards_page,
    statement_of,
)
from santong.prepaid.services import activate as activating
from santong.prepaid.services import cancel_top_up as cancelling
from santong.prepaid.services import check_card as checking
from santong.prepaid.services import close_card as closing
from santong.prepaid.services import extend as extending
from santong.prepaid.services import freeze as freezing
from santong.prepaid.services import land_top_up as landing
from santong.prepaid.services import sell as selling
from santong.prepaid.services import top_up as topping_up
from santong.prepaid.services import unfreeze as unfreezing


class CardFilter(Schema):
    """Which cards are listed."""

    tail: Annotated[str, Field(max_length=4)] = ""
    card_programme_code: Annotated[str, Field(max_length=contracts.LONGEST_CODE)] = ""
    state: Annotated[str, Field(max_length=10)] = ""


@router.post("/prepaid-cards", response={201: SoldCardOut}, auth=requires("prepaid.sell"))
def sell_card(request: MerchantRequest, body: CardSaleIn, response: HttpResponse) -> Any:
    """Sell a card. It can be used once the money for its top-up's document has come in."""
    person_id = _person(request, body.person_id)
    sold = selling.sell(
        merchant_id=request.merchant_id,
        programme_code=body.card_programme_code,
        key=f"sale:{body.key}",
        amount_minor=body.amount_minor,
        offer_code=body.offer_code,
        person_id=person_id,
        buyer=contracts.Buyer(**body.buyer.model_dump()),
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return Status(201, fields(sold, card=fields(sold.card), top_up=_top_up(sold.top_up)))


@router.get("/prepaid-cards", response=Page[PrepaidCardOut], auth=requires("prepaid.view"))
def list_cards(
    request: MerchantRequest,
    wanted: Query[CardFilter],
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Cards, newest first; by the last four digits of their number, programme and state."""
    rows = cards_page(
        merchant_id=request.merchant_id,
        tail=wanted.tail,
        programme_code=wanted.card_programme_code,
        state=wanted.state,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([fields(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/prepaid-cards/{card_id}", response=PrepaidCardWithBalanceOut, auth=requires("prepaid.view")
)
def show_card(request: MerchantRequest, card_id: str) -> Any:
    """A card and what is on it."""
    known = id_of(card_id, kind="card")
    card = card_by_id(merchant_id=request.merchant_id, card_id=known)
    found = balances_of(merchant_id=request.merchant_id, card_ids=[known], now=datetime.now(UTC))
    return fields(card, balance=fields(found[known]))


@router.get(
    "/prepaid-cards/{card_id}/statement", response=CardStatementOut, auth=requires("prepaid.view")
)
def show_card_statement(request: MerchantRequest, card_id: str, limit: Limit = 50) -> Any:
    """What was put on a card and taken from it, newest first."""
    known = id_of(card_id, kind="card")
    lines = statement_of(merchant_id=request.merchant_id, card_id=known, limit=limit)
    return {"items": [fields(line) for line in lines]}


@router.post("/prepaid-card-checks", response=CheckedCardOut, auth=requires("prepaid.view"))
def check_card(request: MerchantRequest, body: CardTokenIn, response: HttpResponse) -> Any:
    """What is on the card of a number and its secret. A wrong try counts."""
    found = checking.check_card(
        merchant_id=request.merchant_id, token=body.token, now=datetime.now(UTC)
    )
    response["Cache-Control"] = "no-store"
    return fields(
        found,
        card=fields(found.card) if found.card else None,
        balance=fields(found.balance) if found.balance else None,
    )


@router.post(
    "/prepaid-cards/{card_id}/top-ups", response={201: CardTopUpOut}, auth=requires("prepaid.sell")
)
def top_up_card(request: MerchantRequest, card_id: str, body: CardTopUpIn) -> Any:
    """Ask for more money for a card."""
    asked = topping_up.top_up(
        merchant_id=request.merchant_id,
        card_id=id_of(card_id, kind="card"),
        key=f"top_up:{body.key}",
        amount_minor=body.amount_minor,
        offer_code=body.offer_code,
        buyer=contracts.Buyer(**body.buyer.model_dump()),
        now=datetime.now(UTC),
    )
    return Status(201, _top_up(asked))


@router.post(
    "/prepaid-top-ups/{top_up_id}/land", response=CardTopUpOut, auth=requires("prepaid.sell")
)
def land_top_up(request: MerchantRequest, top_up_id: str) -> Any:
    """Put money on its card that has come in, without waiting to hear of it."""
    landed = landing.land_top_up(
        merchant_id=request.merchant_id,
        top_up_id=id_of(top_up_id, kind="top_up"),
        now=datetime.now(UTC),
    )
    return _top_up(landed)


@router.post(
    "/prepaid-top-ups/{top_up_id}/cancel", response=CardTopUpOut, auth=requires("prepaid.sell")
)
def cancel_top_up(request: MerchantRequest, top_up_id: str, body: CardReasonIn) -> Any:
    """Nobody pays for it any more."""
    cancelled = cancelling.cancel_top_up(
        merchant_id=request.merchant_id,
        top_up_id=id_of(top_up_id, kind="top_up"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _top_up(cancelled)


@router.post(
    "/prepaid-cards/{card_id}/activate", response=PrepaidCardOut, auth=requires("prepaid.sell")
)
def activate_card(request: MerchantRequest, card_id: str, body: CardReasonIn) -> Any:
    """Let a card be used that was sold to wait."""
    return fields(activating.activate(**_change(request, card_id, body)))


@router.post(
    "/prepaid-cards/{card_id}/freeze", response=PrepaidCardOut, auth=requires("prepaid.sell")
)
def freeze_card(request: MerchantRequest, card_id: str, body: CardReasonIn) -> Any:
    """Let nothing be spent of a card."""
    return fields(freezing.freeze(**_change(request, card_id, body)))


@router.post(
    "/prepaid-cards/{card_id}/unfreeze", response=PrepaidCardOut, auth=requires("prepaid.sell")
)
def unfreeze_card(request: MerchantRequest, card_id: str, body: CardReasonIn) -> Any:
    """Let a frozen card be used again."""
    return fields(unfreezing.unfreeze(**_change(request, card_id, body)))


@router.post(
    "/prepaid-cards/{card_id}/extend", response=PrepaidCardOut, auth=requires("prepaid.sell")
)
def extend_card(request: MerchantRequest, card_id: str, body: CardReasonIn) -> Any:
    """Make a bearer card good again, with what is on it."""
    return fields(extending.extend(**_change(request, card_id, body)))


@router.post(
    "/prepaid-cards/{card_id}/close", response=ClosedCardOut, auth=requires("prepaid.edit")
)
def close_card(request: MerchantRequest, card_id: str, body: CardReasonIn) -> Any:
    """End a card: its principal goes back as it came, its bonus is lost."""
    closed = closing.close_card(**_change(request, card_id, body))
    return fields(
        closed,
        paid_back=[
            {"document": document, "amount_minor": amount}
            for document, amount in closed.paid_back_by_document
        ],
    )


def _person(request: MerchantRequest, text: str | None) -> int | None:
    if text is None:
        return None
    person_id = id_of(text, kind="person")
    known = customers.current_ids(merchant_id=request.merchant_id, person_ids=[person_id])
    if person_id not in known:
        raise NoSuch(kind="person", key=text[:40])
    return person_id


def _change(request: MerchantRequest, card_id: str, body: CardReasonIn) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "card_id": id_of(card_id, kind="card"),
        "reason": body.reason,
        "now": datetime.now(UTC),
    }


def _top_up(row: contracts.TopUp) -> dict[str, Any]:
    return fields(row, document=row.document)
