"""Compensation, differences and refunds come together to no more than was paid."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.aftersales import errors
from santong.aftersales.models import LineCompensation
from santong.aftersales.selectors.cases import case_by_id, decisions_of, refunds_of
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.proposals import proposal_of
from santong.aftersales.tests.factories import (
    PRICE,
    accept,
    assert_sound,
    compensate,
    given_back,
    make_bought,
    make_case,
    make_stock,
    receive,
    settle_money,
)
from santong.agreements import public as agreements

PAID_FOR_LATE = 6_000


def test_what_was_compensated_is_not_paid_back_a_second_time(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2, 1))
    compensate(bought, PAID_FOR_LATE)
    first = make_case(bought, units={bought.lines[0]: 2})
    second = make_case(bought, units={bought.lines[1]: 1})

    proposed = proposal_of(merchant_id=merchant_id, case_id=first.id)
    for case in (first, second):
        accept(bought, case)
        receive(bought, case_by_id(merchant_id=merchant_id, case_id=case.id))
    settle_money(bought)

    (decision,) = decisions_of(merchant_id=merchant_id, case_id=first.id)
    amounts = [
        step.amount_minor
        for case in (first, second)
        for step in refunds_of(merchant_id=merchant_id, case_id=case.id)
    ]
    assert proposed.refund_minor == 2 * PRICE - 4_000
    assert "compensation_counts" in proposed.reasons
    assert decision.facts.lines[0].compensated_minor == 4_000
    assert amounts == [2 * PRICE - 4_000, PRICE - 2_000]
    assert given_back(bought) == 3 * PRICE
    assert_sound(merchant_id)


def test_what_is_for_certain_goods_counts_against_these(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1, 1))
    sku_code = bought.order.lines[1].sku_code
    compensate(bought, PAID_FOR_LATE, goods=(agreements.OwedGoods(sku_code=sku_code, quantity=1),))

    worth = [line.value_minor for line in claimable_of(merchant_id=merchant_id, order=bought.order)]

    assert worth == [PRICE, PRICE - PAID_FOR_LATE]


def test_nobody_gives_back_what_was_compensated_already(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    compensate(bought, PAID_FOR_LATE)
    case = make_case(bought)

    with pytest.raises(errors.MoreThanLeft) as refused, transaction.atomic():
        accept(bought, case, refund_minor=PRICE, reason="to be kind")

    assert (refused.value.wanted_minor, refused.value.left_minor) == (PRICE, PRICE - PAID_FOR_LATE)
    assert not LineCompensation.objects.of_merchant(merchant_id).exists()


def test_what_is_paid_on_top_lowers_nothing(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    compensate(bought, PAID_FOR_LATE, params={"on_top": "yes"})

    proposed = proposal_of(merchant_id=merchant_id, case_id=make_case(bought).id)

    assert proposed.refund_minor == PRICE
    assert "compensation_counts" not in proposed.reasons


def test_an_exchange_after_a_compensation_carries_what_is_left(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    compensate(bought, PAID_FOR_LATE)
    exchanged = accept(bought, make_case(bought, kind="exchange"))

    receive(bought, exchanged)
    settle_money(bought)

    assert given_back(bought) == PAID_FOR_LATE
    assert_sound(merchant_id)
