"""What a broken term owes in goods is sent or replaced by one case."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from santong.aftersales import contracts, errors
from santong.aftersales.selectors.cases import case_by_id, decisions_of, replacements_of
from santong.aftersales.selectors.owed import owed_by_id, owed_that_wait
from santong.aftersales.services.cancel_case import cancel_case
from santong.aftersales.services.decide_case import decide_alone
from santong.aftersales.services.follow_replacement import follow_delivery
from santong.aftersales.services.owe_goods import follow_case, follow_remedy, open_owed, take_on
from santong.aftersales.tests.factories import (
    LATER,
    Bought,
    assert_sound,
    make_bought,
    make_stock,
    owe,
    receive,
)
from santong.agreements import public as agreements
from santong.orders import public as orders


def _goods(bought: Bought, place: int = 0, quantity: int = 1) -> tuple[agreements.OwedGoods, ...]:
    sku_code = bought.order.lines[place].sku_code
    return (agreements.OwedGoods(sku_code=sku_code, quantity=quantity),)


def _taken(bought: Bought, **given: Any) -> contracts.OwedRemedy:
    return take_on(merchant_id=bought.merchant_id, breach_id=owe(bought, **given), now=LATER)


def _decided(bought: Bought, case_id: int | None) -> contracts.Case:
    assert case_id is not None
    assert decide_alone(merchant_id=bought.merchant_id, case_id=case_id, now=LATER)
    return case_by_id(merchant_id=bought.merchant_id, case_id=case_id)


def test_named_goods_are_sent_again_by_a_case_that_nobody_has_to_decide(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(3, 2))
    make_stock(bought)

    owed = _taken(bought, goods=_goods(bought, quantity=2))
    again = take_on(merchant_id=merchant_id, breach_id=owed.breach_id, now=LATER)
    case = _decided(bought, owed.case_id)
    (decision,) = decisions_of(merchant_id=merchant_id, case_id=case.id)
    (sent,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    follow_delivery(merchant_id=merchant_id, order_id=sent.order_id, now=LATER)
    follow_case(merchant_id=merchant_id, case_id=case.id, state="done", now=LATER)

    assert again == owed
    assert (case.channel, case.kind, case.needs_return) == ("agreement", "resend", False)
    assert (case.reason, case.term_reference) == ("missing_part", owed.reference)
    assert decision.proposal.reasons == ("remedy_owed",)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=sent.order_id)
    assert [line.quantity for line in order.lines] == [2]
    breach = agreements.breach_by_id(merchant_id=merchant_id, breach_id=owed.breach_id)
    assert (breach.state, breach.made_good_by) == ("done", f"case:{case.id}")
    assert_sound(merchant_id)


def test_what_is_replaced_comes_back_first(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)

    case = _decided(bought, _taken(bought, remedy="replace", kind="damage").case_id)
    (held,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    received = receive(bought, case, damaged=1)

    assert (case.state, case.kind, held.is_held) == ("awaiting_goods", "exchange", True)
    assert received.state == "working"
    assert_sound(merchant_id)


def test_where_several_goods_might_be_meant_somebody_says_which(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2, 1))
    make_stock(bought, sku_code=bought.order.lines[1].sku_code)

    waiting = _taken(bought)
    (shown,) = owed_that_wait(merchant_id=merchant_id)
    part = contracts.NewUnit(sku_code=bought.order.lines[1].sku_code, quantity=1)
    case, again = (
        open_owed(
            merchant_id=merchant_id,
            remedy_id=waiting.id,
            order_id=bought.order.id,
            units_by_line={bought.lines[0]: 1},
            instead=(part,),
            now=LATER,
        )
        for _ in range(2)
    )
    _decided(bought, case.id)

    (sent,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=sent.order_id)
    assert (waiting.state, shown.waits_for) == ("waiting", "which_goods")
    assert again.id == case.id
    assert [line.sku_code for line in order.lines] == [part.sku_code]
    assert owed_that_wait(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


def test_a_case_that_came_to_nothing_leaves_the_goods_owed(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    owed = _taken(bought)
    assert owed.case_id is not None
    cancel_case(merchant_id=merchant_id, case_id=owed.case_id, reason="by mistake", now=LATER)

    follow_case(merchant_id=merchant_id, case_id=owed.case_id, state="cancelled", now=LATER)
    (waiting,) = owed_that_wait(merchant_id=merchant_id)
    case = open_owed(
        merchant_id=merchant_id,
        remedy_id=waiting.id,
        order_id=bought.order.id,
        units_by_line={bought.lines[0]: 1},
        now=LATER,
    )

    assert (waiting.waits_for, waiting.case_id) == ("case_ended", None)
    assert case.id != owed.case_id
    assert_sound(merchant_id)


def test_what_was_made_good_by_hand_waits_for_nobody(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2,))
    waiting = _taken(bought)
    agreements.record_remedy(
        merchant_id=merchant_id, breach_id=waiting.breach_id, made_good_by="by hand", now=LATER
    )

    with pytest.raises(errors.OwedPassed), transaction.atomic():
        open_owed(
            merchant_id=merchant_id,
            remedy_id=waiting.id,
            order_id=bought.order.id,
            units_by_line={bought.lines[0]: 1},
            now=LATER,
        )
    follow_remedy(merchant_id=merchant_id, breach_id=waiting.breach_id, now=LATER)

    assert owed_by_id(merchant_id=merchant_id, remedy_id=waiting.id).state == "made_good"
    assert owed_that_wait(merchant_id=merchant_id) == []
