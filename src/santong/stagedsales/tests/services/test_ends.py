"""A contract ends before its time, or is fought about: what stays, and what is owed again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from santong.payments import public as payments
from santong.payments.tests.factories import fight
from santong.settlement import public as settlement
from santong.stagedsales.contracts import document_of
from santong.stagedsales.errors import (
    NothingOpen,
)
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.tests.factories import (
    NOW,
    TERMS,
    accept,
    assert_sound,
    done,
    give_back,
    hear_all,
    make_plan,
    money_of,
    pay,
    see,
    signed,
    states,
    with_code,
)


def cancel(merchant_id: int, sale_id: int, fault: Any = "buyer") -> int:
    back = cancel_sale(merchant_id=merchant_id, sale_id=sale_id, fault=fault, reason="no", now=NOW)
    hear_all(merchant_id)
    give_back(merchant_id, sale_id)
    return back


def test_a_cancelled_contract_gives_back_by_its_frozen_rules(merchant_id: int) -> None:
    refunds = replace(TERMS.refunds, paid_kept_bp=1_000, done_kept_bp=8_000)
    plan = make_plan(merchant_id=merchant_id, refunds=refunds)
    sale_id = signed(merchant_id=merchant_id, plan=plan)
    pay(merchant_id, sale_id, 1)
    pay(merchant_id, sale_id, 2)
    done(merchant_id, sale_id, 2)

    back = cancel(merchant_id, sale_id)

    # Of 300.00: the deposit of 99.00 and a tenth of 201.00. Of 400.00 that are done: four fifths.
    assert back == 30_000 - 9_900 - 2_010 + 8_000
    assert states(merchant_id, sale_id) == "cancelled: refunded refunded waived"
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 2))
    assert shared.left_minor == 32_000
    assert_sound(merchant_id)


def test_where_it_is_the_shops_doing_only_what_was_accepted_stays(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    pay(merchant_id, sale_id, 1)
    done(merchant_id, sale_id, 1)
    accept(merchant_id, sale_id, 1)
    pay(merchant_id, sale_id, 2)

    back = cancel(merchant_id, sale_id, fault="shop")

    assert back == 40_000
    assert states(merchant_id, sale_id) == "cancelled: released refunded waived"


def test_a_sale_of_which_nothing_stays_is_refunded(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)

    cancel(merchant_id, sale_id, fault="shop")

    assert states(merchant_id, sale_id) == "refunded: refunded waived waived"


def test_while_a_payment_is_fought_about_the_sale_stands_still(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    intent = pay(merchant_id, sale_id, 2)
    tender_id = intent.tenders[0].id

    def say(state: Any) -> str:
        fight(merchant_id=merchant_id, tender_id=tender_id, state=state, amount=40_000)
        hear_all(merchant_id)
        return states(merchant_id, sale_id)

    assert say("opened") == "disputed: due paid planned"
    with pytest.raises(NothingOpen), transaction.atomic():
        pay(merchant_id, sale_id, 1)
    assert say("won") == "in_progress: due paid planned"


def test_a_stage_whose_money_was_lost_is_owed_again(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 2)
    accept(merchant_id, sale_id, 2)
    intent = pay(merchant_id, sale_id, 2)
    for state in ("opened", "lost"):
        fight(
            merchant_id=merchant_id,
            tender_id=intent.tenders[0].id,
            state=state,
            amount=40_000,
        )
        hear_all(merchant_id)
    assert states(merchant_id, sale_id) == "in_progress: due due planned"

    pay(merchant_id, sale_id, 2)

    assert states(merchant_id, sale_id) == "in_progress: due released planned"
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 2))
    assert shared.left_minor == 40_000
    assert_sound(merchant_id)


@pytest.mark.parametrize("amount", [1, 5_000, 40_000])
def test_what_makes_something_good_is_not_owed_again(merchant_id: int, amount: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    done(merchant_id, sale_id, 2)
    accept(merchant_id, sale_id, 2)
    pay(merchant_id, sale_id, 2)

    payments.refund(
        merchant_id=merchant_id,
        document=document_of(sale_id, 2),
        key="agreement-breach:7",
        amount_minor=amount,
        currency="CNY",
        reason="two days late",
        now=NOW,
    )
    hear_all(merchant_id)
    give_back(merchant_id, sale_id)

    assert states(merchant_id, sale_id) == "in_progress: due released planned"
    money = money_of(merchant_id, sale_id, 2)
    assert (money.given_minor, money.returned_minor, money.open_minor) == (amount, amount, 0)
    shared = settlement.shared_sale(merchant_id=merchant_id, document=document_of(sale_id, 2))
    assert shared.left_minor == 40_000 - amount
    assert_sound(merchant_id)


def test_a_cancellation_gives_back_no_more_than_is_there(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    pay(merchant_id, sale_id, 2)
    payments.refund(
        merchant_id=merchant_id,
        document=document_of(sale_id, 2),
        key="by hand",
        amount_minor=30_000,
        currency="CNY",
        reason="scratched",
        now=NOW,
    )
    hear_all(merchant_id)

    cancel(merchant_id, sale_id, fault="shop")

    money = money_of(merchant_id, sale_id, 2)
    assert (money.received_minor, money.returned_minor) == (40_000, 40_000)
    assert_sound(merchant_id)


def test_a_deposit_that_was_lost_before_the_contract_ends_the_sale(merchant_id: int) -> None:
    sale_id, _ = with_code(merchant_id=merchant_id)
    (intent,) = payments.intents_of(merchant_id=merchant_id, document=document_of(sale_id, 0))
    for state in ("opened", "lost"):
        fight(
            merchant_id=merchant_id,
            tender_id=intent.tenders[0].id,
            state=state,
            amount=TERMS.deposit_minor,
        )
        hear_all(merchant_id)

    sale = see(merchant_id, sale_id)
    assert sale.state == "refunded"
    assert sale.code is not None
    assert sale.code.state == "void"
    assert_sound(merchant_id)


def test_a_deposit_that_was_kept_and_lost_afterwards_is_there_no_more(merchant_id: int) -> None:
    sale_id = signed(merchant_id=merchant_id)
    (intent,) = payments.intents_of(merchant_id=merchant_id, document=document_of(sale_id, 0))
    cancel(merchant_id, sale_id, fault="buyer")
    assert see(merchant_id, sale_id).stages[0].paid_minor == TERMS.deposit_minor

    for state in ("opened", "lost"):
        fight(
            merchant_id=merchant_id,
            tender_id=intent.tenders[0].id,
            state=state,
            amount=TERMS.deposit_minor,
        )
        hear_all(merchant_id)

    sale = see(merchant_id, sale_id)
    assert (sale.state, sale.stages[0].paid_minor) == ("refunded", 0)
    assert_sound(merchant_id)
