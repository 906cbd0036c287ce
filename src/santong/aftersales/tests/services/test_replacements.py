"""What is sent again, or instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.aftersales import contracts
from santong.aftersales.events import GoodsReturned
from santong.aftersales.selectors.cases import (
    case_by_id,
    refunds_of,
    replacements_of,
)
from santong.aftersales.services.follow_replacement import follow_cancellation, follow_delivery
from santong.aftersales.services.pay_difference import pay_difference
from santong.aftersales.services.refuse_goods import refuse_goods
from santong.aftersales.tests.factories import (
    LATER,
    PRICE,
    Bought,
    accept,
    assert_sound,
    counted,
    given_back,
    make_bought,
    make_case,
    make_stock,
    receive,
    settle_money,
    show_photo,
)
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import NoSuch
from santong.orders import public as orders
from santong.payments.tests.factories import facts_told


def test_a_missing_part_is_sent_again_without_a_return(merchant_id: int) -> None:
    bought = make_bought(merchant_id)
    make_stock(bought)
    case = make_case(bought, kind="resend", way_back="none", reason="missing_part")
    show_photo(bought, case)

    accepted = accept(bought, case)
    (sent,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=sent.order_id)
    follow_delivery(merchant_id=merchant_id, order_id=sent.order_id, now=LATER)

    assert (accepted.state, sent.external_number) == ("working", f"{case.number}-R1")
    assert (order.state, order.total_minor) == ("paid", 0)
    assert order.recipient == bought.order.recipient
    assert case_by_id(merchant_id=merchant_id, case_id=case.id).state == "done"
    assert counted(bought, bought.lines[0]) == (0, 0, 0)
    assert given_back(bought) == 0
    assert_sound(merchant_id)


def test_an_exchange_waits_for_the_goods_and_carries_their_money(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(2,))
    make_stock(bought)
    case = accept(bought, make_case(bought, kind="exchange"))
    (held,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    before = fulfilment.start_order(merchant_id=merchant_id, order_id=held.order_id, now=LATER)

    receive(bought, case)
    work = fulfilment.work_of(merchant_id=merchant_id, order_id=held.order_id)

    order = orders.order_by_id(merchant_id=merchant_id, order_id=held.order_id)
    assert (case.state, held.is_held, before) == ("awaiting_goods", True, [])
    assert order.total_minor == 0
    assert len(work) == 1
    assert given_back(bought) == 0
    assert counted(bought, bought.lines[0]) == (1, 1, PRICE)
    assert_sound(merchant_id)


def test_what_was_exchanged_is_worth_its_money_when_it_comes_back(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    case = accept(bought, make_case(bought, kind="exchange"))
    receive(bought, case)
    (sent,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    second = come(bought, sent)

    again = accept(second, make_case(second))
    receive(second, again)
    settle_money(second)

    (step,) = refunds_of(merchant_id=merchant_id, case_id=again.id)
    assert (step.document, step.amount_minor) == (bought.document, PRICE)
    assert given_back(bought) == PRICE
    told = facts_told(merchant_id=merchant_id, kind=GoodsReturned)[-1]
    assert (told.order_id, told.quantity_by_line) == (bought.order.id, {bought.lines[0]: 1})
    assert_sound(merchant_id)


def test_something_cheaper_gives_the_difference_back(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    unit = contracts.NewUnit(
        sku_code=bought.order.lines[0].sku_code, quantity=1, price_minor=15_000
    )
    case = accept(bought, make_case(bought, kind="exchange"), units=(unit,))

    receive(bought, case)
    settle_money(bought)

    (step,) = refunds_of(merchant_id=merchant_id, case_id=case.id)
    assert (step.what, step.amount_minor) == ("difference", PRICE - 15_000)
    assert_sound(merchant_id)


def test_something_dearer_is_an_order_of_the_difference(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    unit = contracts.NewUnit(
        sku_code=bought.order.lines[0].sku_code, quantity=1, price_minor=25_000
    )
    case = accept(bought, make_case(bought, kind="exchange"), units=(unit,))

    (held,) = replacements_of(merchant_id=merchant_id, case_id=case.id)

    order = orders.order_by_id(merchant_id=merchant_id, order_id=held.order_id)
    assert (order.state, order.total_minor) == ("placed", 25_000 - PRICE)
    follow_cancellation(merchant_id=merchant_id, order_id=order.id, now=LATER)
    waits = case_by_id(merchant_id=merchant_id, case_id=case.id)
    assert (waits.state, waits.waits_for) == ("requested", "replacement_gone")


def test_what_was_brought_can_be_handed_back(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    case = accept(bought, make_case(bought, kind="exchange"))
    (held,) = replacements_of(merchant_id=merchant_id, case_id=case.id)

    refused = refuse_goods(
        merchant_id=merchant_id, case_id=case.id, reason="worn for a year", now=LATER
    )

    order = orders.order_by_id(merchant_id=merchant_id, order_id=held.order_id)
    assert (refused.state, order.state) == ("refused", "cancelled")
    assert counted(bought, bought.lines[0])[0] == 0


def come(bought: Bought, sent: contracts.Replacement) -> Bought:
    """What was sent instead has reached the buyer."""
    order = orders.order_by_id(merchant_id=bought.merchant_id, order_id=sent.order_id)
    for kind in ("shipped", "delivered"):
        order = orders.record_progress(
            merchant_id=bought.merchant_id,
            order_id=order.id,
            line_quantities={line.id: line.quantity for line in order.lines},
            kind=kind,
            now=LATER,
        )
    return Bought(merchant_id=bought.merchant_id, order=order, store=bought.store)


def test_what_is_dearer_is_paid_on_the_way_and_not_sent_before(merchant_id: int) -> None:
    bought = make_bought(merchant_id, quantities=(1,))
    make_stock(bought)
    sku_code = bought.order.lines[0].sku_code
    unit = contracts.NewUnit(sku_code=sku_code, quantity=1, price_minor=PRICE + 5_000)
    case = accept(bought, make_case(bought, kind="exchange"), units=(unit,))
    (made,) = replacements_of(merchant_id=merchant_id, case_id=case.id)
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "case_id": case.id,
        "order_id": made.order_id,
    }

    first, again = (pay_difference(**about, key="1", tenders=(), now=LATER) for _ in range(2))
    receive(bought, case)
    waiting = orders.order_by_id(merchant_id=merchant_id, order_id=made.order_id)
    with pytest.raises(NoSuch), transaction.atomic():
        pay_difference(**{**about, "order_id": bought.order.id}, key="2", tenders=(), now=LATER)

    assert (first.amount_minor, first.id) == (5_000, again.id)
    assert (waiting.state, waiting.give_up_at) == ("placed", LATER + timedelta(days=7))
    assert fulfilment.start_order(merchant_id=merchant_id, order_id=made.order_id, now=LATER) == []
    assert_sound(merchant_id)
