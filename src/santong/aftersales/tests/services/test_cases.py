"""Cases are opened, decided, and done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.aftersales import errors
from santong.aftersales.events import GoodsReturned
from santong.aftersales.models import Case
from santong.aftersales.selectors.cases import (
    case_by_id,
    decisions_of,
    refunds_of,
)
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.damaged import damaged_at
from santong.aftersales.selectors.proposals import proposal_of, replay_decision
from santong.aftersales.services.cancel_case import cancel_case
from santong.aftersales.services.decide_case import decide_alone
from santong.aftersales.services.refuse_goods import close_short
from santong.aftersales.services.settle_damaged import settle_damaged
from santong.aftersales.services.write_message import write_message
from santong.aftersales.tests.factories import (
    LATER,
    NOW,
    PRICE,
    accept,
    assert_sound,
    counted,
    given_back,
    grant,
    make_bought,
    make_case,
    receive,
    settle_money,
    show_photo,
)
from santong.inventory import public as inventory
from santong.payments.tests.factories import facts_told
from santong.stores.tests.factories import make_location


def on_hand(merchant_id: int, location_id: int, sku_id: int) -> int:
    levels = inventory.levels_of(
        merchant_id=merchant_id, location_ids=[location_id], sku_ids=[sku_id]
    )
    return sum(level.on_hand for level in levels)


def test_nothing_moves_before_a_case_is_decided(merchant_id: int) -> None:
    bought = make_bought(merchant_id)

    case = make_case(bought, words="太小了，我的电话 13800138000")

    assert (case.state, case.number) == ("requested", f"C{case.id:06}")
    assert case.words == "太小了，我的电话 13800138000"
    assert b"13800138000" not in bytes(Case.objects.get(id=case.id).words_sealed)
    assert given_back(bought) == 0
    assert counted(bought, bought.lines[0]) == (1, 0, 0)
    assert_sound(merchant_id)


def test_the_same_key_is_the_same_case(merchant_id: int) -> None:
    bought = make_bought(merchant_id)

    first = make_case(bought, key="once")
    again = make_case(bought, key="once")

    assert again.id == first.id
    assert counted(bought, bought.lines[0])[0] == 1
    with pytest.raises(errors.KeyTaken), transaction.atomic():
        make_case(bought, key="once", kind="exchange")


def test_no_more_units_are_in_cases_than_arrived(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2,))
    (line,) = bought.lines
    make_case(bought, units={line: 1})
    make_case(bought, units={line: 1})

    with pytest.raises(errors.MoreThanArrived) as refused, transaction.atomic():
        make_case(bought, units={line: 1})

    assert refused.value.left == 0
    assert counted(bought, line)[0] == 2


def test_a_return_brings_goods_and_money_back(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2, 1), freight_minor=1_000)
    sku_id = bought.order.lines[0].sku_id
    case = accept(bought, make_case(bought))

    received = receive(bought, case)
    settle_money(bought)

    assert (case.state, case.refund_minor) == ("awaiting_goods", PRICE)
    assert received.state == "working"
    assert case_by_id(merchant_id=merchant_id, case_id=case.id).state == "done"
    assert given_back(bought) == PRICE
    assert on_hand(merchant_id, bought.store, sku_id) == 1
    (told,) = facts_told(merchant_id=merchant_id, kind=GoodsReturned)
    assert told.quantity_by_line == {bought.lines[0]: 1}
    assert (told.is_whole, told.location_id) == (False, bought.store)
    assert_sound(merchant_id)


def test_goods_that_came_in_parts_are_paid_in_parts(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(3,), prices=(3_333,), discount_minor=100)
    (line,) = bought.lines
    case = accept(bought, make_case(bought, units={line: 3}))

    for _ in range(3):
        receive(bought, case_by_id(merchant_id=merchant_id, case_id=case.id), units=1)
    settle_money(bought)

    steps = refunds_of(merchant_id=merchant_id, case_id=case.id)
    assert [step.amount_minor for step in steps] == [3_299, 3_300, 3_300]
    assert given_back(bought) == 9_899
    assert_sound(merchant_id)


def test_damaged_goods_lie_outside_the_stock_until_something_becomes_of_them(
    merchant_id: int,
) -> None:
    bought = make_bought(merchant_id)
    sku_id = bought.order.lines[0].sku_id
    case = make_case(bought, units={bought.lines[0]: 2}, reason="defective")
    case = accept(bought, case)

    receive(bought, case, damaged=1)
    (lying,) = damaged_at(merchant_id=merchant_id, location_ids=None)
    settle_damaged(
        merchant_id=merchant_id,
        receipt_line_id=lying.id,
        units=1,
        becomes="restored",
        reason="cleaned",
        key="one",
        now=LATER,
    )

    assert (lying.left, lying.location_id) == (1, bought.store)
    assert on_hand(merchant_id, bought.store, sku_id) == 2
    assert damaged_at(merchant_id=merchant_id, location_ids=None) == []
    assert_sound(merchant_id)


def test_carriage_goes_back_with_the_last_of_it_where_it_was_not_the_buyers_doing(
    merchant_id: int,
) -> None:
    bought = make_bought(merchant_id, quantities=(1,), freight_minor=1_000)
    case = accept(bought, make_case(bought, reason="defective"))

    receive(bought, case)
    settle_money(bought)

    steps = refunds_of(merchant_id=merchant_id, case_id=case.id)
    assert [(step.what, step.amount_minor) for step in steps] == [
        ("goods", PRICE),
        ("freight", 1_000),
    ]
    assert given_back(bought) == PRICE + 1_000


def test_a_photo_that_is_asked_for_is_waited_for(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = make_case(bought, reason="damaged")

    before = proposal_of(merchant_id=merchant_id, case_id=case.id)
    show_photo(bought, case)
    after = proposal_of(merchant_id=merchant_id, case_id=case.id)

    assert (before.verdict, before.reasons) == ("ask", ("photo_missing",))
    assert after.verdict == "accept"


def test_who_decides_otherwise_than_proposed_says_why(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = make_case(bought, now=NOW + timedelta(days=40))

    with pytest.raises(errors.ReasonMissing) as refused, transaction.atomic():
        accept(bought, case)
    accepted = accept(bought, case, reason="a good customer")

    assert refused.value.differing == ("verdict",)
    assert accepted.state == "awaiting_goods"
    (kept,) = decisions_of(merchant_id=merchant_id, case_id=case.id)
    assert (kept.proposal.verdict, kept.proposal.reasons) == ("refuse", ("too_late",))
    assert replay_decision(merchant_id=merchant_id, decision_id=kept.id)[0]


def test_a_refused_case_frees_its_units(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    case = make_case(bought, now=NOW + timedelta(days=40))

    refused = accept(bought, case, verdict="refuse")

    assert (refused.state, refused.why_ended) == ("refused", "too_late")
    assert make_case(bought).state == "requested"
    with pytest.raises(errors.CasePassed), transaction.atomic():
        accept(bought, case)


def test_a_small_case_goes_alone_where_the_policy_lets_it(merchant_id: int) -> None:
    grant(merchant_id, alone_minor=PRICE)
    bought = make_bought(merchant_id, quantities=(3,))
    small = make_case(bought, units={bought.lines[0]: 1})
    large = make_case(bought, units={bought.lines[0]: 2})

    went = [
        decide_alone(merchant_id=merchant_id, case_id=case.id, now=LATER) for case in (small, large)
    ]

    assert went == [True, False]
    decided = case_by_id(merchant_id=merchant_id, case_id=small.id)
    assert (decided.state, decided.decided_by) == ("awaiting_goods", "system:system")


def test_a_part_of_the_price_lowers_what_the_rest_is_worth(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    case = make_case(bought, kind="refund_only", way_back="none", reason="defective")
    case = accept(bought, case, refund_minor=5_000, reason="a scratch, it is kept")
    settle_money(bought)

    (rest,) = claimable_of(merchant_id=merchant_id, order=bought.order)

    assert case_by_id(merchant_id=merchant_id, case_id=case.id).state == "done"
    assert (rest.left, rest.value_minor) == (1, PRICE - 5_000)
    assert given_back(bought) == 5_000
    assert_sound(merchant_id)


def test_money_alone_goes_back_at_once(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    case = make_case(bought, kind="refund_only", way_back="none", reason="defective")

    accept(bought, case)
    settle_money(bought)

    assert given_back(bought) == PRICE
    assert counted(bought, bought.lines[0]) == (1, 1, PRICE)
    assert claimable_of(merchant_id=merchant_id, order=bought.order)[0].left == 0
    assert_sound(merchant_id)


def test_no_more_than_the_units_are_worth_is_decided(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = make_case(bought)

    with pytest.raises(errors.MoreThanLeft), transaction.atomic():
        accept(bought, case, refund_minor=PRICE + 1, reason="generous")

    accepted = accept(bought, case, refund_minor=PRICE - 900, reason="it was worn")
    receive(bought, accepted)
    settle_money(bought)
    assert given_back(bought) == PRICE - 900
    assert counted(bought, bought.lines[0]) == (1, 1, PRICE)


def test_a_return_of_which_a_part_came_is_closed_short(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2,))
    case = accept(bought, make_case(bought, units={bought.lines[0]: 2}))
    receive(bought, case, units=1)
    settle_money(bought)

    closed = close_short(
        merchant_id=merchant_id, case_id=case.id, reason="keeps the other", now=LATER
    )

    assert closed.state == "done"
    assert counted(bought, bought.lines[0]) == (1, 1, PRICE)
    assert claimable_of(merchant_id=merchant_id, order=bought.order)[0].left == 1
    assert_sound(merchant_id)


def test_a_buyer_gives_up_what_has_not_begun(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = accept(bought, make_case(bought))

    cancelled = cancel_case(merchant_id=merchant_id, case_id=case.id, reason="keeps it", now=LATER)

    assert cancelled.state == "cancelled"
    assert counted(bought, bought.lines[0])[0] == 0
    with pytest.raises(errors.CasePassed), transaction.atomic():
        receive(bought, case)


def test_goods_come_only_where_goods_are_taken_back(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = accept(bought, make_case(bought))
    closed = make_location(merchant_id=merchant_id, accepts_returns=False)

    with pytest.raises(errors.NoReturnsHere), transaction.atomic():
        receive(replace(bought, store=closed.id), case)

    assert counted(bought, bought.lines[0]) == (1, 0, 0)


def test_the_first_word_of_the_house_answers_a_case(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    case = make_case(bought)
    about: dict[str, Any] = {"merchant_id": merchant_id, "case_id": case.id, "now": LATER}

    write_message(**about, text="什么时候能退？", key="1", by_buyer=True)
    asked = case_by_id(merchant_id=merchant_id, case_id=case.id)
    write_message(**about, text="请补一张照片", key="2", by_buyer=False)

    assert asked.answered_at is None
    assert case_by_id(merchant_id=merchant_id, case_id=case.id).answered_at == LATER
