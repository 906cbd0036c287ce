"""Prepaid and gift cards of a member, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.prepaid import public as prepaid
from santong.prepaid.tests.factories import BONUS, TERMS, landed, make_programme, new_key
from santong.storefront.tests.factories import Buyer, Shop, first_member, open_shop, text_of

NOW = datetime.now(UTC)


def person_of(shop: Shop) -> int:
    return first_member(shop).person_id


def give_card(shop: Shop, *, kind: str = "prepaid", person_id: int | None = None) -> prepaid.Sold:
    """A card with 500.00 and 50.00 on top, registered to somebody or to nobody."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        programme = make_programme(
            merchant_id=shop.merchant_id,
            kind=kind,  # type: ignore[arg-type]  # one of the words of the type
            terms=TERMS,
        )
        sold = prepaid.sell(
            merchant_id=shop.merchant_id,
            programme_code=programme.code,
            key=new_key(),
            amount_minor=BONUS.pay_minor,
            offer_code=BONUS.code,
            person_id=person_id,
            now=NOW,
        )
        landed(merchant_id=shop.merchant_id, top_up=sold.top_up, now=NOW)
    return sold


@pytest.fixture
def member(buyer: Buyer) -> Buyer:
    buyer.join()
    return buyer


@pytest.fixture
def shop_of_two(new_merchant: Callable[..., int]) -> tuple[Buyer, Buyer]:
    """Somebody who gives, and somebody who takes."""
    giver = Buyer(open_shop(new_merchant()))
    giver.join()
    taker = Buyer(giver.shop)
    taker.join()
    return giver, taker


def test_a_member_sees_principal_and_bonus_apart_and_what_ends_when(member: Buyer) -> None:
    sold = give_card(member.shop, person_id=person_of(member.shop))

    page = member.text(f"stored/{sold.card.id}/")

    assert "¥550.00" in page
    assert "Principal ¥500.00" in page
    assert "Bonus ¥50.00" in page
    assert "¥50.00 of bonus can be used until" in page
    assert "Top-up" in page


def test_cards_stand_in_a_list_with_what_is_on_them(member: Buyer) -> None:
    sold = give_card(member.shop, person_id=person_of(member.shop))

    page = member.text("stored/")

    assert f"Card ending in {sold.card.tail}" in page
    assert "¥550.00" in page


def test_a_card_is_added_by_number_and_secret(member: Buyer) -> None:
    sold = give_card(member.shop)

    answer = member.send("stored/register/", number=sold.number, secret=sold.secret)

    assert answer.status_code == 302
    assert "¥550.00" in member.text(f"stored/{sold.card.id}/")


def test_a_wrong_secret_is_said_and_stays_counted(member: Buyer) -> None:
    sold = give_card(member.shop)

    pages = [
        text_of(member.send("stored/register/", number=sold.number, secret="WRONG"))
        for _ in range(6)
    ]

    assert ["do not belong together" in page for page in pages] == [True] * 5 + [False]
    assert "Too many tries" in pages[5]
    assert "Too many tries" in text_of(
        member.send("stored/register/", number=sold.number, secret=sold.secret)
    )


def test_a_pay_code_pays_at_a_till(member: Buyer) -> None:
    sold = give_card(member.shop, person_id=person_of(member.shop))

    page = text_of(member.send(f"stored/{sold.card.id}/pay/"))
    found = re.search(r"\d{4} \d{4} \d{4} \d{4} \d{2}\b", page)

    assert found is not None
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        checked = prepaid.check_card(
            merchant_id=member.shop.merchant_id,
            token=found.group().replace(" ", ""),
            now=datetime.now(UTC),
        )
    assert checked.card is not None
    assert checked.card.id == sold.card.id


def test_a_new_secret_is_shown_once(member: Buyer) -> None:
    sold = give_card(member.shop, person_id=person_of(member.shop))

    page = text_of(member.send(f"stored/{sold.card.id}/secret/"))

    assert "Your new secret code" in page
    assert "Your new secret code" not in member.text(f"stored/{sold.card.id}/")


def test_a_gift_card_goes_to_whoever_opens_its_link(shop_of_two: tuple[Buyer, Buyer]) -> None:
    giver, taker = shop_of_two
    sold = give_card(giver.shop, kind="gift", person_id=person_of(giver.shop))
    given = giver.send(f"stored/{sold.card.id}/give/").content.decode()
    found = re.search(r"gift/\?token=([\w-]+)", unescape(given))
    assert found is not None

    offered = taker.text("gift/", token=found[1])
    taken = taker.send("gift/", token=found[1])

    assert "Somebody gives you a card" in offered
    assert taken.status_code == 302
    assert "¥550.00" in taker.text(f"stored/{sold.card.id}/")
    assert giver.open(f"stored/{sold.card.id}/").status_code == 404
    assert "can no longer be taken" in text_of(giver.send("gift/", token=found[1]))


def test_a_giver_may_keep_the_card(shop_of_two: tuple[Buyer, Buyer]) -> None:
    giver, _ = shop_of_two
    sold = give_card(giver.shop, kind="gift", person_id=person_of(giver.shop))
    giver.send(f"stored/{sold.card.id}/give/")
    offered = giver.text(f"stored/{sold.card.id}/")

    giver.send(f"stored/{sold.card.id}/keep/")

    assert "You are giving this card away" in offered
    assert "You are giving this card away" not in giver.text(f"stored/{sold.card.id}/")


def test_a_link_that_leads_nowhere_is_said(member: Buyer) -> None:
    answer = member.send("gift/", token="nowhere")

    assert answer.status_code == 404
    assert "can no longer be taken" in text_of(answer)


@pytest.mark.parametrize("verb", ["", "pay/", "give/", "keep/", "secret/"])
def test_a_card_of_nobody_here_is_not_there(member: Buyer, verb: str) -> None:
    sold = give_card(member.shop)
    path = f"stored/{sold.card.id}/{verb}"

    answer = member.send(path) if verb else member.open(path)

    assert answer.status_code == 404


def test_what_was_paid_shows_its_bonus_apart(member: Buyer) -> None:
    sold = give_card(member.shop, person_id=person_of(member.shop))
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        prepaid.spend(
            merchant_id=member.shop.merchant_id,
            card_id=sold.card.id,
            reference="T1",
            document="order:17",
            amount_minor=11_000,
            currency="CNY",
            now=NOW + timedelta(seconds=1),
        )
        assert payments.check_invariants(merchant_id=member.shop.merchant_id, now=NOW) == []

    page = member.text(f"stored/{sold.card.id}/")

    assert "Payment" in page
    assert "−¥110.00" in page
    assert "−¥10.00 of it bonus" in page
