"""Cards rest and end: what is on them is paid back, kept or extended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.prepaid import contracts, errors
from santong.prepaid.events import PrincipalPaidBack
from santong.prepaid.services.close_card import close_card
from santong.prepaid.services.expire_cards import expire_cards
from santong.prepaid.services.extend import extend
from santong.prepaid.services.freeze import freeze
from santong.prepaid.services.keep import keep
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.unfreeze import unfreeze
from santong.prepaid.tests.factories import (
    FREE,
    LATER,
    NOW,
    TERMS,
    assert_sound,
    document_has,
    facts_told,
    make_card,
    make_programme,
    new_key,
    on_card,
    spent,
    topped_up,
    with_bonus,
)


def kept(merchant_id: int, card_id: int, amount_minor: int, reference: str) -> contracts.Use:
    return keep(
        merchant_id=merchant_id,
        card_id=card_id,
        reference=reference,
        document="order:17",
        amount_minor=amount_minor,
        currency="CNY",
        expires_at=LATER,
        now=NOW,
    )


def test_a_closed_card_pays_principal_back_along_the_newest_top_ups(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id, terms=FREE)
    sold = make_card(
        merchant_id=merchant_id, programme=programme, amount_minor=100, offer_code="100-50"
    )
    second = topped_up(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=70)
    spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=110)

    closed = close_card(merchant_id=merchant_id, card_id=sold.card.id, reason="asked", now=NOW)
    again = close_card(merchant_id=merchant_id, card_id=sold.card.id, reason="asked", now=NOW)

    assert closed.paid_back_minor == again.paid_back_minor == 85
    assert closed.forfeited_minor == 25
    assert closed.paid_back_by_document == (
        (second.document, 70),
        (sold.top_up.document, 15),
    )
    assert document_has(merchant_id=merchant_id, top_up=second) == 70
    assert len(facts_told(merchant_id=merchant_id, kind=PrincipalPaidBack)) == 2
    assert_sound(merchant_id=merchant_id)


def test_what_comes_back_to_a_closed_card_goes_on_to_whoever_paid(merchant_id: int) -> None:
    card = with_bonus(merchant_id=merchant_id)
    spent(merchant_id=merchant_id, card_id=card.card.id, amount_minor=11_000, reference="T1")
    close_card(merchant_id=merchant_id, card_id=card.card.id, reason="asked", now=NOW)

    refund_use(
        merchant_id=merchant_id,
        reference="T1",
        refund_reference="R1",
        amount_minor=5_500,
        reason="returned",
        now=NOW,
    )

    assert document_has(merchant_id=merchant_id, top_up=card.top_up) == 45_000
    assert on_card(merchant_id=merchant_id, card_id=card.card.id) == (0, 0)
    assert_sound(merchant_id=merchant_id)


def test_a_card_with_a_payment_under_way_is_not_closed(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    kept(merchant_id, card_id, 1_000, "T1")

    with pytest.raises(errors.PaymentsUnderWay) as refused:
        close_card(merchant_id=merchant_id, card_id=card_id, reason="asked", now=NOW)

    assert refused.value.held_minor == 1_000


def test_a_frozen_card_pays_nothing_until_it_is_thawed(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    freeze(merchant_id=merchant_id, card_id=card_id, reason="lost", now=NOW)

    with pytest.raises(errors.CardUnusable) as refused:
        kept(merchant_id, card_id, 100, new_key())

    assert refused.value.state == "frozen"


def test_a_thawed_card_pays_again(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    freeze(merchant_id=merchant_id, card_id=card_id, reason="lost", now=NOW)
    unfreeze(merchant_id=merchant_id, card_id=card_id, reason="found", now=NOW)

    assert spent(merchant_id=merchant_id, card_id=card_id, amount_minor=11).state == "captured"


def test_a_bearer_card_ends_and_is_extended_with_all_that_is_on_it(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id)
    ended = NOW + timedelta(days=TERMS.bearer_days)

    count = expire_cards(merchant_id=merchant_id, now=ended)
    card = extend(merchant_id=merchant_id, card_id=sold.card.id, reason="asked", now=ended)

    assert count == 1
    assert (card.state, card.valid_until) == ("active", ended + timedelta(days=TERMS.bearer_days))
    assert on_card(merchant_id=merchant_id, card_id=card.id, now=ended) == (50_000, 0)


def test_a_card_that_has_ended_pays_nothing_even_before_it_is_swept(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id)
    ended = NOW + timedelta(days=TERMS.bearer_days)

    with pytest.raises(errors.CardUnusable) as refused:
        spent(merchant_id=merchant_id, card_id=sold.card.id, amount_minor=1, now=ended)

    assert refused.value.state == "expired"
