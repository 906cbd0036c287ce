"""Stored value on the console: who sees a card, who changes it, and what the books say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from santong.console.tests.settlement_people import desk
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.prepaid import public as prepaid
from santong.prepaid.tests.factories import make_card, make_programme, spent, topped_up
from santong.stores.tests.factories import make_location

MOST_QUESTIONS = 40


@pytest.fixture
def card(merchant: int) -> prepaid.Card:
    """A card with five hundred yuan, and the people of the merchant."""
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        sold = make_card(merchant_id=merchant, programme=programme)
        place = make_location(merchant_id=merchant)
        make_staff(merchant, login="finance", role="finance")
        make_staff(merchant, login="service", role="customer_service")
        make_staff(merchant, login="clerk", role="clerk", location_id=place.id)
        return prepaid.card_by_id(merchant_id=merchant, card_id=sold.card.id)


def state_of(merchant_id: int, card: prepaid.Card) -> str:
    with tenancy.scope(merchant_id=merchant_id):
        return prepaid.card_by_id(merchant_id=merchant_id, card_id=card.id).state


def test_a_card_is_found_by_its_last_digits_and_shows_no_more_of_its_number(
    merchant: int, card: prepaid.Card
) -> None:
    at = desk(merchant, "service")
    with tenancy.scope(merchant_id=merchant):
        number = prepaid.card_number(merchant_id=merchant, card_id=card.id)

    _, listed = at.open(f"/console/cards/?tail={card.tail}")
    _, none = at.open("/console/cards/?tail=none")
    _, shown = at.open(f"/console/cards/{card.id}/")

    assert f"**** {card.tail}" in listed
    assert "No card fits." in none
    assert "¥500.00 principal" in shown
    assert number not in listed + shown


def test_customer_service_freezes_a_card_once_and_a_clerk_does_not(
    merchant: int, card: prepaid.Card
) -> None:
    path = f"/console/cards/{card.id}/freeze/"

    clerk, _ = desk(merchant, "clerk").send(path, reason="lost")
    before = state_of(merchant, card)
    at = desk(merchant, "service")
    answers = [at.send(path, key="tap", reason="lost")[0] for _ in range(2)]
    frozen = state_of(merchant, card)
    at.send(f"/console/cards/{card.id}/unfreeze/", reason="found again")

    assert (clerk, before) == (403, "active")
    assert answers == [200, 200]
    assert (frozen, state_of(merchant, card)) == ("frozen", "active")


def test_finance_closes_a_card_and_its_principal_goes_back(
    merchant: int, card: prepaid.Card
) -> None:
    path = f"/console/cards/{card.id}/end/"

    refused, _ = desk(merchant, "service").send(path, reason="moves away")
    status, text = desk(merchant, "finance").send(path, reason="moves away")

    assert refused == 403
    assert status == 200
    assert "¥500.00 paid back" in text
    assert state_of(merchant, card) == "closed"


def test_what_is_owed_to_holders_is_for_finance_only(merchant: int, card: prepaid.Card) -> None:
    path = f"/console/cards/programmes/{card.programme_code}/"

    _, finance = desk(merchant, "finance").open(path)
    _, service = desk(merchant, "service").open(path)

    assert "¥500.00 principal on cards: owed to their holders" in finance
    assert "¥200.00 to be deposited: 40 % of the principal" in finance
    assert "owed to their holders" not in service
    assert "shown from ¥10,000.00 in one go" in service


def test_pages_of_cards_ask_no_more_for_more_rows(new_merchant: Callable[..., int]) -> None:
    few, many = (questions(new_merchant(), rows=rows) for rows in (1, 8))

    assert {page: (few[page], many[page]) for page in few if many[page] > few[page] + 1} == {}
    assert max(many.values()) <= MOST_QUESTIONS


def questions(merchant_id: int, *, rows: int) -> dict[str, int]:
    """How much each page asks, where there are so many programmes and cards of one of them.

    One card was topped up and spent from as often.
    """
    with tenancy.scope(merchant_id=merchant_id):
        make_staff(merchant_id, login="finance", role="finance")
        programme, *_ = [make_programme(merchant_id=merchant_id) for _ in range(rows)]
        card, *_ = [
            make_card(merchant_id=merchant_id, programme=programme).card for _ in range(rows)
        ]
        for _ in range(rows):
            topped_up(merchant_id=merchant_id, card_id=card.id, amount_minor=2_000)
            spent(merchant_id=merchant_id, card_id=card.id, amount_minor=1_000)
    at = desk(merchant_id, "finance")
    return {
        "list": at.questions("/console/cards/"),
        "of a programme": at.questions(f"/console/cards/?programme={programme.code}"),
        "programme": at.questions(f"/console/cards/programmes/{programme.code}/"),
        "card": at.questions(f"/console/cards/{card.id}/"),
    }
