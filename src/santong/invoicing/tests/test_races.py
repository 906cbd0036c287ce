"""Many at once: an order is never invoiced beyond what was paid and kept, whoever comes first."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Sum

from santong.invoicing import public as invoicing
from santong.invoicing.models import Invoice, SaleLine
from santong.invoicing.providers.work import work_off
from santong.invoicing.tests.factories import BUYER, NOW, ask, make_seller, make_sold, work
from santong.kernel import tenancy
from santong.orders import public as orders

AtOnce = Callable[..., list[Any]]
ROUNDS = max(1, int(os.environ.get("SANTONG_RACE_ROUNDS", "12")) // 4)


def in_scope(merchant: int, command: Callable[..., Any], **named: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **named)

    return run


def sold_orders(merchant: int) -> list[orders.Order]:
    with tenancy.scope(merchant_id=merchant):
        make_seller(merchant)
        first = make_sold(merchant, quantities=(3,))
        return [first]


def asking(merchant: int, order: orders.Order, place: int, minor: int) -> Callable[[], Any]:
    return in_scope(
        merchant,
        invoicing.request_invoice,
        order_id=order.id,
        title=replace(BUYER, name=f"第 {place} 家公司"),
        form="ordinary",
        key=f"key-{place}",
        amount_by_line={str(order.lines[0].id): minor},
    )


def invoiced(merchant: int, **which: Any) -> int:
    with tenancy.scope(merchant_id=merchant):
        rows = Invoice.objects.of_merchant(merchant).filter(**which)
        return rows.aggregate(total=Sum("total_minor"))["total"] or 0


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert invoicing.check_invariants(merchant_id=merchant) == []


def test_eight_who_ask_for_a_third_each_get_three(merchant: int, at_once: AtOnce) -> None:
    (order,) = sold_orders(merchant)

    results = at_once(*[asking(merchant, order, place, 19_900) for place in range(8)])

    refused = [each for each in results if isinstance(each, invoicing.MoreThanPaid)]
    assert len(refused) == 5
    assert invoiced(merchant) == 59_700
    assert_sound(merchant)


def test_one_request_sent_many_times_at_once_is_one(merchant: int, at_once: AtOnce) -> None:
    (order,) = sold_orders(merchant)

    results = at_once(*[asking(merchant, order, 1, 59_700) for _ in range(6)])

    assert len({invoice.id for (invoice,) in results}) == 1
    assert invoiced(merchant) == 59_700
    assert_sound(merchant)


def test_money_goes_back_while_the_invoice_is_asked_for_and_issued(
    merchant: int, at_once: AtOnce
) -> None:
    (order,) = sold_orders(merchant)
    with tenancy.scope(merchant_id=merchant):
        ask(merchant, order, amount_by_line={str(order.lines[0].id): 30_000})

    def back(key: str) -> Callable[[], Any]:
        return in_scope(
            merchant,
            invoicing.follow_money,
            order_id=order.id,
            refund_key=key,
            refunded_minor=10_000,
        )

    for place in range(ROUNDS):
        results = at_once(
            back("a"),
            back("b"),
            back("b"),
            asking(merchant, order, 10 + place, 9_000),
            lambda: work_off(merchant_id=merchant, clock=lambda: NOW),
            lambda: work_off(merchant_id=merchant, clock=lambda: NOW),
        )
        raised = [each for each in results if isinstance(each, Exception)]
        assert {type(each) for each in raised} <= {invoicing.MoreThanPaid}
    for hours in range(8):
        work(merchant, now=NOW + timedelta(hours=hours))

    blue = invoiced(merchant, kind="blue", state="issued")
    red = invoiced(merchant, kind="red", state="issued")
    with tenancy.scope(merchant_id=merchant):
        (line,) = SaleLine.objects.of_merchant(merchant)
        assert line.returned_minor == 20_000
        assert line.covered_minor == blue - red
        assert blue - red <= 59_700 - 20_000
        assert not Invoice.objects.of_merchant(merchant).filter(state__in=["requested", "sent"])
    assert_sound(merchant)


def test_a_sale_is_opened_once_by_whoever_comes_first(merchant: int, at_once: AtOnce) -> None:
    (order,) = sold_orders(merchant)

    results = at_once(
        *[
            in_scope(
                merchant,
                invoicing.follow_money,
                order_id=order.id,
                refund_key="a",
                refunded_minor=100,
            )
            for _ in range(4)
        ],
        asking(merchant, order, 1, 100),
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    with tenancy.scope(merchant_id=merchant):
        (line,) = SaleLine.objects.of_merchant(merchant)
        assert (line.returned_minor, line.covered_minor) == (100, 100)
    assert_sound(merchant)
