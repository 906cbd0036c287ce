"""A card's value comes from money received, is taken in one proportion, and goes back in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from santong.payments import public as payments
from santong.prepaid import contracts, errors
from santong.prepaid.events import CardToppedUp, TopUpReturned
from santong.prepaid.services.cancel_top_up import cancel_top_up
from santong.prepaid.services.capture_use import capture_use
from santong.prepaid.services.keep import keep
from santong.prepaid.services.land_top_up import land_top_up
from santong.prepaid.services.refund_use import refund_use
from santong.prepaid.services.release_overdue import release_overdue
from santong.prepaid.services.release_use import release_use
from santong.prepaid.services.sell import sell
from santong.prepaid.services.top_up import top_up
from santong.prepaid.tests.factories import (
    BONUS,
    LATER,
    NOW,
    TERMS,
    assert_sound,
    document_has,
    facts_told,
    landed,
    make_card,
    make_programme,
    on_card,
    pay,
    spent,
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


def test_a_card_has_nothing_before_its_money_has_come_in(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, is_paid=False)

    with pytest.raises(errors.NotPaid) as refused:
        land_top_up(merchant_id=merchant_id, top_up_id=sold.top_up.id, now=NOW)

    assert refused.value.members() == {
        "document": f"topup:{sold.top_up.id}",
        "wanted_minor": 50_000,
        "paid_minor": 0,
    }


def test_money_that_came_in_is_on_the_card_once(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)

    again = land_top_up(merchant_id=merchant_id, top_up_id=sold.top_up.id, now=LATER)

    assert again.state == "landed"
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (50_000, 5_000)
    assert document_has(merchant_id=merchant_id, top_up=sold.top_up) == 0
    assert len(facts_told(merchant_id=merchant_id, kind=CardToppedUp)) == 1
    assert_sound(merchant_id=merchant_id)


def test_the_money_ledger_owes_what_cards_were_sold_for(merchant_id: int) -> None:
    sold = with_bonus(merchant_id=merchant_id)

    account = payments.AccountKey("money:CNY", "stored_value", sold.card.programme_code)

    found = payments.balances(merchant_id=merchant_id, accounts=[account])
    assert found[account].posted == 50_000


def test_half_of_the_money_puts_nothing_on_the_card(merchant_id: int) -> None:
    sold = make_card(merchant_id=merchant_id, is_paid=False)
    pay(merchant_id=merchant_id, top_up=sold.top_up, amount_minor=49_999)

    with pytest.raises(errors.NotPaid):
        land_top_up(merchant_id=merchant_id, top_up_id=sold.top_up.id, now=NOW)


def test_sold_twice_under_one_key_is_one_card(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    first, again = (
        sell(
            merchant_id=merchant_id,
            programme_code=programme.code,
            key="till-1/17",
            amount_minor=100,
            now=NOW,
        )
        for _ in range(2)
    )

    assert (again.card.id, again.number) == (first.card.id, first.number)
    assert (len(first.secret), again.secret) == (8, "")


def test_one_key_for_another_amount_is_refused(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    named = {"merchant_id": merchant_id, "programme_code": programme.code, "key": "k", "now": NOW}
    sell(amount_minor=100, **named)  # type: ignore[arg-type]

    with pytest.raises(errors.PrepaidKeyTaken):
        sell(amount_minor=101, **named)  # type: ignore[arg-type]


def test_a_payment_takes_principal_and_bonus_in_proportion(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id

    use = spent(merchant_id=merchant_id, card_id=card_id, amount_minor=10_000)

    assert (use.principal_minor, use.bonus_minor) == (9_091, 909)
    assert on_card(merchant_id=merchant_id, card_id=card_id) == (40_909, 4_091)
    assert_sound(merchant_id=merchant_id)


def test_terms_may_let_bonus_go_first(merchant_id: int) -> None:
    card_id = with_bonus(
        merchant_id=merchant_id, terms=replace(TERMS, spends="bonus_first")
    ).card.id

    use = spent(merchant_id=merchant_id, card_id=card_id, amount_minor=6_000)

    assert (use.principal_minor, use.bonus_minor) == (1_000, 5_000)


def test_more_than_is_on_the_card_takes_nothing(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id

    with pytest.raises(errors.TooLittleOnCard) as refused:
        spent(merchant_id=merchant_id, card_id=card_id, amount_minor=55_001)

    assert refused.value.members() == {"wanted_minor": 55_001, "available_minor": 55_000}


def test_parts_that_go_back_make_up_what_was_taken(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    use = spent(merchant_id=merchant_id, card_id=card_id, amount_minor=9_999, reference="T1")

    parts = [
        refund_use(
            merchant_id=merchant_id,
            reference="T1",
            refund_reference=f"R{place}",
            amount_minor=3_333,
            reason="returned",
            now=NOW,
        )
        for place in range(3)
    ]

    assert sum(part.principal_minor for part in parts) == use.principal_minor
    assert sum(part.bonus_minor for part in parts) == use.bonus_minor
    assert on_card(merchant_id=merchant_id, card_id=card_id) == (50_000, 5_000)
    assert_sound(merchant_id=merchant_id)


def test_a_refund_comes_once_for_its_number_and_never_more_than_was_taken(
    merchant_id: int,
) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    spent(merchant_id=merchant_id, card_id=card_id, amount_minor=100, reference="T1")
    asked = {"merchant_id": merchant_id, "reference": "T1", "reason": "returned", "now": NOW}
    first = refund_use(refund_reference="R1", amount_minor=60, **asked)  # type: ignore[arg-type]

    again = refund_use(refund_reference="R1", amount_minor=60, **asked)  # type: ignore[arg-type]

    assert again == first
    with pytest.raises(errors.MoreThanTaken) as refused:
        refund_use(refund_reference="R2", amount_minor=41, **asked)  # type: ignore[arg-type]
    assert refused.value.members() == {"wanted_minor": 41, "left_minor": 40}


def test_what_is_kept_cannot_be_spent_and_is_free_again_after_its_time(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    kept(merchant_id, card_id, 55_000, "T1")
    in_between = on_card(merchant_id=merchant_id, card_id=card_id)

    released = release_overdue(merchant_id=merchant_id, now=LATER)
    late = capture_use(merchant_id=merchant_id, reference="T1", amount_minor=55_000, now=LATER)

    assert in_between == (0, 0)
    assert (released, late.state) == (1, "released")
    assert on_card(merchant_id=merchant_id, card_id=card_id) == (50_000, 5_000)
    assert_sound(merchant_id=merchant_id)


def test_a_capture_that_comes_too_late_takes_nothing(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    kept(merchant_id, card_id, 1_000, "T1")

    late = capture_use(merchant_id=merchant_id, reference="T1", amount_minor=1_000, now=LATER)

    assert late.state == "released"
    assert on_card(merchant_id=merchant_id, card_id=card_id, now=LATER) == (50_000, 5_000)


def test_a_part_of_what_is_kept_is_taken_and_the_rest_is_free(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    kept(merchant_id, card_id, 11_000, "T1")

    use = capture_use(merchant_id=merchant_id, reference="T1", amount_minor=5_500, now=NOW)
    again = capture_use(merchant_id=merchant_id, reference="T1", amount_minor=5_500, now=NOW)

    assert again == use
    assert (use.principal_minor, use.bonus_minor) == (5_000, 500)
    assert on_card(merchant_id=merchant_id, card_id=card_id) == (45_000, 4_500)
    assert_sound(merchant_id=merchant_id)


def test_released_twice_is_released_once_and_taken_stays_taken(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    kept(merchant_id, card_id, 11_000, "T1")
    spent(merchant_id=merchant_id, card_id=card_id, amount_minor=1_100, reference="T2")

    states = [
        release_use(merchant_id=merchant_id, reference=reference, reason="given up", now=NOW).state
        for reference in ("T1", "T1", "T2")
    ]

    assert states == ["released", "released", "captured"]
    assert on_card(merchant_id=merchant_id, card_id=card_id) == (49_000, 4_900)


def test_bonus_ends_and_principal_does_not(merchant_id: int) -> None:
    card_id = with_bonus(merchant_id=merchant_id).card.id
    later = NOW + timedelta(days=BONUS.bonus_days)

    found = on_card(merchant_id=merchant_id, card_id=card_id, now=later)

    assert found == (50_000, 0)


def test_bonus_that_comes_back_after_its_end_lives_for_the_grace(merchant_id: int) -> None:
    terms = replace(TERMS, give_back_grace_days=10)
    card_id = with_bonus(merchant_id=merchant_id, terms=terms).card.id
    spent(merchant_id=merchant_id, card_id=card_id, amount_minor=11_000, reference="T1")
    later = NOW + timedelta(days=100)

    parts = refund_use(
        merchant_id=merchant_id,
        reference="T1",
        refund_reference="R1",
        amount_minor=11_000,
        reason="returned",
        now=later,
    )

    assert (parts.principal_minor, parts.bonus_minor) == (10_000, 1_000)
    assert on_card(merchant_id=merchant_id, card_id=card_id, now=later) == (50_000, 1_000)
    assert on_card(merchant_id=merchant_id, card_id=card_id, now=later + timedelta(days=10)) == (
        50_000,
        0,
    )


def test_two_top_ups_that_wait_never_lift_a_card_above_its_cap(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    sold = make_card(
        merchant_id=merchant_id, programme=programme, amount_minor=200_000, person_id=17
    )
    asked = {"merchant_id": merchant_id, "card_id": sold.card.id, "now": NOW}
    top_up(key="a", amount_minor=200_000, **asked)  # type: ignore[arg-type]

    with pytest.raises(errors.PurchaseRefused) as refused:
        top_up(key="b", amount_minor=100_001, **asked)  # type: ignore[arg-type]

    assert refused.value.refusals == [
        {"rule": "registered_card_most", "limit": 500_000, "asked": 500_001}
    ]


def test_late_money_is_put_on_the_card_if_there_is_room_and_stays_apart_if_not(
    merchant_id: int,
) -> None:
    programme = make_programme(merchant_id=merchant_id)
    sold = make_card(
        merchant_id=merchant_id, programme=programme, amount_minor=200_000, person_id=17
    )
    asked = {"merchant_id": merchant_id, "card_id": sold.card.id, "now": NOW}
    late = top_up(key="a", amount_minor=300_000, **asked)  # type: ignore[arg-type]
    cancel_top_up(merchant_id=merchant_id, top_up_id=late.id, reason="given up", now=NOW)
    landed(
        merchant_id=merchant_id,
        top_up=top_up(key="b", amount_minor=1, **asked),  # type: ignore[arg-type]
    )

    found = landed(merchant_id=merchant_id, top_up=late)

    assert found.state == "returned"
    assert document_has(merchant_id=merchant_id, top_up=late) == 300_000
    assert on_card(merchant_id=merchant_id, card_id=sold.card.id) == (200_001, 0)
    (told,) = facts_told(merchant_id=merchant_id, kind=TopUpReturned)
    assert (told.top_up_id, told.amount_minor) == (late.id, 300_000)
    assert_sound(merchant_id=merchant_id)
