"""Cards change hands: registered, given away, followed, forgotten. What is on them is not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from santong.customers import public as customers
from santong.customers.tests.factories import make_person
from santong.prepaid import contracts, errors
from santong.prepaid.events import CardGiven
from santong.prepaid.models import TopUp
from santong.prepaid.selectors.cards import card_by_id, cards_of_persons
from santong.prepaid.selectors.persons import export_person
from santong.prepaid.services.activate import activate
from santong.prepaid.services.check_card import check_card
from santong.prepaid.services.follow_persons import follow_persons
from santong.prepaid.services.forget_person import FORGOTTEN, forget_person
from santong.prepaid.services.offer_gift import offer_gift
from santong.prepaid.services.register import register
from santong.prepaid.services.renew_secret import renew_secret
from santong.prepaid.services.take_gift import take_gift
from santong.prepaid.services.withdraw_gift import withdraw_gift
from santong.prepaid.tests.factories import (
    NOW,
    TERMS,
    assert_sound,
    facts_told,
    landed,
    make_card,
    make_programme,
    on_card,
    spent,
)

GIVER, TAKER = 17, 18


def gift_card(merchant_id: int) -> contracts.Sold:
    programme = make_programme(merchant_id=merchant_id, kind="gift")
    return make_card(merchant_id=merchant_id, programme=programme, person_id=GIVER)


def offered(merchant_id: int, card_id: int) -> str:
    return offer_gift(merchant_id=merchant_id, card_id=card_id, person_id=GIVER, now=NOW).token


def is_right(merchant_id: int, sold: contracts.Sold, secret: str) -> bool:
    token = f"{sold.number}:{secret}"
    return check_card(merchant_id=merchant_id, token=token, now=NOW).is_right


def record(*person_ids: int) -> customers.PersonRecord:
    return customers.PersonRecord(person_ids=person_ids, identifiers=())


def test_a_bearer_card_becomes_somebodys_and_never_ends(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id)

    found = register(
        merchant_id=merchant_id,
        person_id=GIVER,
        token=f"{sold.number}:{sold.secret}",
        now=NOW,
    )

    assert found.card is not None
    assert (found.card.person_id, found.card.valid_until) == (GIVER, None)
    assert [card.id for card in cards_of_persons(merchant_id=merchant_id, person_ids=[GIVER])] == [
        sold.card.id
    ]


def test_a_card_is_registered_with_its_secret_and_to_nobody_else(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, person_id=GIVER)
    asked = {"merchant_id": merchant_id, "person_id": TAKER, "now": NOW}

    wrong = register(token=f"{sold.number}:WRONG", **asked)  # type: ignore[arg-type]

    assert wrong == contracts.Checked(is_right=False)
    with pytest.raises(errors.AlreadyRegistered):
        register(token=f"{sold.number}:{sold.secret}", **asked)  # type: ignore[arg-type]


def test_whoever_has_the_link_has_the_card_and_the_old_secret_is_worth_nothing(
    merchant_id: int,
) -> None:
    sold = gift_card(merchant_id)
    token = offered(merchant_id, sold.card.id)

    taken = take_gift(merchant_id=merchant_id, token=token, person_id=TAKER, now=NOW)
    again = take_gift(merchant_id=merchant_id, token=token, person_id=TAKER, now=NOW)

    assert taken == again
    assert (taken.person_id, taken.has_secret) == (TAKER, False)
    assert not is_right(merchant_id, sold, sold.secret)
    assert not is_right(merchant_id, sold, "")
    assert len(facts_told(merchant_id=merchant_id, kind=CardGiven)) == 1
    with pytest.raises(errors.GiftGone) as refused:
        take_gift(merchant_id=merchant_id, token=token, person_id=19, now=NOW)
    assert refused.value.state == "claimed"


def test_a_link_ends_is_replaced_and_taken_back(merchant_id: int) -> None:
    sold = gift_card(merchant_id)
    first, _ = (offered(merchant_id, sold.card.id) for _ in range(2))
    named = {"merchant_id": merchant_id, "person_id": TAKER}

    with pytest.raises(errors.GiftGone) as replaced:
        take_gift(token=first, now=NOW, **named)
    assert replaced.value.state == "withdrawn"


def test_a_link_is_good_for_seven_days(merchant_id: int) -> None:
    token = offered(merchant_id, gift_card(merchant_id).card.id)

    with pytest.raises(errors.GiftGone) as late:
        take_gift(
            merchant_id=merchant_id, token=token, person_id=TAKER, now=NOW + timedelta(days=7)
        )

    assert late.value.state == "expired"


def test_a_giver_who_keeps_the_card_can_spend_it_again(merchant_id: int) -> None:
    sold = gift_card(merchant_id)
    offered(merchant_id, sold.card.id)

    withdraw_gift(merchant_id=merchant_id, card_id=sold.card.id, person_id=GIVER, now=NOW)

    assert spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=1).state == "captured"


def test_only_gift_cards_are_given_away_and_only_by_their_holder(merchant_id: int) -> None:
    prepaid = make_card(merchant_id=merchant_id, person_id=GIVER)

    with pytest.raises(errors.OtherKind):
        offered(merchant_id, prepaid.card.id)


def test_nobody_gives_away_somebody_elses_card(merchant_id: int) -> None:
    sold = gift_card(merchant_id)

    with pytest.raises(errors.NotYours):
        offer_gift(merchant_id=merchant_id, card_id=sold.card.id, person_id=TAKER, now=NOW)


def test_a_new_secret_makes_the_old_one_worthless(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, person_id=GIVER)

    new = renew_secret(merchant_id=merchant_id, card_id=sold.card.id, person_id=GIVER, now=NOW)

    assert [is_right(merchant_id, sold, secret) for secret in (new, sold.secret)] == [True, False]


def test_a_card_that_is_sold_to_wait_is_used_once_it_is_paid_and_activated(
    merchant_id: int,
) -> None:
    programme = make_programme(
        merchant_id=merchant_id, terms=replace(TERMS, waits_for_activation=True)
    )
    sold = make_card(merchant_id=merchant_id, programme=programme, is_paid=False)
    asked = {
        "merchant_id": merchant_id,
        "card_id": sold.card.id,
        "reason": "handed over",
        "now": NOW,
    }
    landed(merchant_id=merchant_id, top_up=sold.top_up)
    waiting = card_by_id(merchant_id=merchant_id, card_id=sold.card.id).state

    card = activate(**asked)  # type: ignore[arg-type]

    assert (waiting, card.state) == ("issued", "active")


def test_nothing_is_activated_that_was_not_paid(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, is_paid=False)

    with pytest.raises(errors.CardUnusable):
        activate(merchant_id=merchant_id, card_id=sold.card.id, reason="handed over", now=NOW)


def test_cards_follow_persons_who_are_one_and_part_again_with_them(merchant_id: int) -> None:
    kept, gone = make_person(merchant_id=merchant_id), make_person(merchant_id=merchant_id)
    card = make_card(merchant_id=merchant_id, person_id=gone).card
    merge = customers.merge(
        merchant_id=merchant_id, first_id=kept, second_id=gone, reason="the same card", now=NOW
    )

    def holder() -> int | None:
        follow_persons(merchant_id=merchant_id, person_ids=(kept, gone))
        return card_by_id(merchant_id=merchant_id, card_id=card.id).person_id

    merged = holder()
    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="a mistake", now=NOW)

    assert (merged, holder()) == (merge.kept_id, gone)


def test_a_forgotten_persons_card_is_good_for_whoever_bears_it(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, amount_minor=100_000, person_id=GIVER)

    forget_person(merchant_id=merchant_id, person=record(GIVER), now=NOW)
    card = card_by_id(merchant_id=merchant_id, card_id=sold.card.id)

    assert (card.state, card.person_id) == ("active", None)
    assert card.valid_until == NOW + timedelta(days=TERMS.bearer_days)
    assert is_right(merchant_id, sold, sold.secret)
    assert on_card(merchant_id=merchant_id, card_id=card.id) == (100_000, 0)


def test_a_forgotten_persons_card_with_too_much_on_it_waits_to_be_registered_anew(
    merchant_id: int,
) -> None:
    sold = make_card(merchant_id=merchant_id, amount_minor=100_001, person_id=GIVER)
    forget_person(merchant_id=merchant_id, person=record(GIVER), now=NOW)
    waiting = card_by_id(merchant_id=merchant_id, card_id=sold.card.id)

    found = register(
        merchant_id=merchant_id,
        person_id=TAKER,
        token=f"{sold.number}:{sold.secret}",
        now=NOW,
    )

    assert (waiting.state, waiting.why) == ("frozen", FORGOTTEN)
    assert found.card is not None
    assert (found.card.state, found.card.person_id) == ("active", TAKER)
    assert_sound(merchant_id=merchant_id)


def test_a_person_gets_a_copy_with_the_numbers_of_their_cards(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, person_id=GIVER)
    make_card(merchant_id=merchant_id, person_id=TAKER)

    found = export_person(merchant_id=merchant_id, person=record(GIVER))

    cards = found["cards"]
    assert isinstance(cards, list)
    assert [card["number"] for card in cards] == [sold.number]


def test_the_document_that_a_buyer_showed_is_kept_sealed(merchant_id: int) -> None:
    buyer = contracts.Buyer(
        in_one_go_minor=1_000_000, identity_kind="id_card", identity="110101199003074571"
    )

    sold = make_card(merchant_id=merchant_id, buyer=buyer)

    row = TopUp.objects.of_merchant(merchant_id).get(id=sold.top_up.id)
    assert row.identity_kind == "id_card"
    assert b"110101199003074571" not in bytes(row.identity_sealed)
    assert "110101199003074571" not in repr(buyer)
