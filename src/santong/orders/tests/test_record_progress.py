"""How far an order has come, as fulfilment tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.orders import public as orders
from santong.orders.models import Order
from santong.orders.tests.factories import (
    make_new_line,
    make_order,
    make_paid_order,
    make_shop,
)
from santong.orders.tests.test_record_payment import told


def make_pair(merchant_id: int) -> orders.Order:
    """Two coats and a shirt, paid."""
    make_shop(merchant_id, sku_codes=["COAT", "SHIRT"])
    return make_paid_order(
        merchant_id,
        lines=[make_new_line(sku_code="COAT", quantity=2), make_new_line(sku_code="SHIRT")],
    )


def progress(
    merchant_id: int,
    order: orders.Order,
    quantities: Mapping[int, int],
    kind: orders.ProgressKind,
    now: datetime,
) -> orders.Order:
    return orders.record_progress(
        merchant_id=merchant_id,
        order_id=order.id,
        line_quantities=quantities,
        kind=kind,
        now=now,
    )


def test_an_order_is_shipped_once_every_unit_has_left(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)
    coats, shirt = (line.id for line in order.lines)

    first = progress(merchant_id, order, {coats: 1}, "shipped", now)
    second = progress(merchant_id, order, {coats: 1, shirt: 1}, "shipped", now)

    assert (first.state, second.state) == ("partly_shipped", "shipped")
    assert [line.shipped_quantity for line in second.lines] == [2, 1]
    assert orders.order_by_id(merchant_id=merchant_id, order_id=order.id) == second
    assert [fact["is_whole"] for fact in told(merchant_id, "order_shipped")] == [False, True]


def test_an_order_is_delivered_once_every_unit_has_arrived(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)
    coats, shirt = (line.id for line in order.lines)
    progress(merchant_id, order, {coats: 2, shirt: 1}, "shipped", now)

    first = progress(merchant_id, order, {coats: 2}, "delivered", now)
    second = progress(merchant_id, order, {shirt: 1}, "delivered", now)

    assert (first.state, second.state) == ("shipped", "delivered")
    assert Order.objects.get(id=order.id).delivered_at == now
    assert [fact["is_whole"] for fact in told(merchant_id, "order_delivered")] == [False, True]


def test_what_the_buyer_collects_is_shipped_and_delivered_at_once(
    merchant_id: int, now: datetime
) -> None:
    order = make_pair(merchant_id)
    coats, shirt = (line.id for line in order.lines)

    collected = progress(merchant_id, order, {coats: 2, shirt: 1}, "collected", now)

    assert collected.state == "delivered"
    assert [fact["is_whole"] for fact in told(merchant_id, "order_shipped")] == [True]
    assert [fact["is_whole"] for fact in told(merchant_id, "order_delivered")] == [True]


def test_no_more_is_shipped_than_was_ordered(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)
    shirt = order.lines[1].id

    with pytest.raises(orders.BeyondOrdered) as refused, transaction.atomic():
        progress(merchant_id, order, {shirt: 2}, "shipped", now)

    assert refused.value.line_ids == (str(shirt),)
    assert told(merchant_id, "order_shipped") == []


def test_nothing_is_delivered_that_never_left(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)

    with pytest.raises(orders.BeyondOrdered):
        progress(merchant_id, order, {order.lines[0].id: 1}, "delivered", now)


def test_nothing_unpaid_is_shipped(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)

    with pytest.raises(orders.StatePassed) as refused:
        progress(merchant_id, order, {order.lines[0].id: 1}, "shipped", now)

    assert (refused.value.state, refused.value.wanted) == ("placed", "shipped")


def test_nothing_cancelled_is_shipped(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="asked", now=now)

    with pytest.raises(orders.StatePassed):
        progress(merchant_id, order, {order.lines[0].id: 1}, "shipped", now)


def test_a_line_of_another_order_is_unknown(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)

    with pytest.raises(NoSuch):
        progress(merchant_id, order, {order.lines[0].id + 999: 1}, "shipped", now)


@pytest.mark.parametrize("quantity", [0, -1])
def test_progress_counts_units(merchant_id: int, now: datetime, quantity: int) -> None:
    order = make_pair(merchant_id)

    with pytest.raises(FieldInvalid):
        progress(merchant_id, order, {order.lines[0].id: quantity}, "shipped", now)


def test_a_paid_order_without_stock_waits_and_goes_on(merchant_id: int, now: datetime) -> None:
    order = make_pair(merchant_id)
    short = {order.lines[0].id: 1}

    waiting = orders.suspend_without_stock(
        merchant_id=merchant_id, order_id=order.id, short_by_line=short, reason="lost", now=now
    )
    going_on = orders.resume_with_stock(
        merchant_id=merchant_id, order_id=order.id, reason="found elsewhere", now=now
    )

    assert (waiting.state, going_on.state) == ("paid_without_stock", "paid")
    (fact,) = told(merchant_id, "paid_without_stock")
    assert fact["short_by_line"] == {str(order.lines[0].id): 1}
    assert len(told(merchant_id, "order_paid")) == 2


def test_an_unpaid_order_does_not_wait_for_stock(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)

    with pytest.raises(orders.StatePassed):
        orders.suspend_without_stock(
            merchant_id=merchant_id, order_id=order.id, short_by_line={}, reason="x", now=now
        )


def test_handed_over_at_once_by_two_places_every_unit_is_counted(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        order = make_paid_order(merchant, lines=[make_new_line(quantity=10)])
    line_id = order.lines[0].id

    def hand_over() -> orders.Order:
        with tenancy.scope(merchant_id=merchant):
            return progress(merchant, order, {line_id: 1}, "shipped", now)

    outcomes = at_once(*[hand_over] * 12)

    refused = [o for o in outcomes if isinstance(o, orders.BeyondOrdered | orders.StatePassed)]
    assert len(refused) == 2
    with tenancy.scope(merchant_id=merchant):
        after = orders.order_by_id(merchant_id=merchant, order_id=order.id)
        assert (after.state, after.lines[0].shipped_quantity) == ("shipped", 10)


def test_shipped_and_cancelled_at_once_no_unit_is_both(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        order = make_paid_order(merchant, lines=[make_new_line(quantity=4)])
    line_id = order.lines[0].id

    def hand_over() -> None:
        with tenancy.scope(merchant_id=merchant):
            progress(merchant, order, {line_id: 1}, "shipped", now)

    def cancel() -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.cancel_order(merchant_id=merchant, order_id=order.id, reason="asked", now=now)

    at_once(hand_over, cancel, hand_over)

    with tenancy.scope(merchant_id=merchant):
        (line,) = orders.order_by_id(merchant_id=merchant, order_id=order.id).lines
        assert line.shipped_quantity + line.cancelled_quantity == 4
        assert orders.check_invariants(merchant_id=merchant) == []


def test_suspended_and_resumed_at_once_every_step_is_told(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        order = make_paid_order(merchant)
    short = {order.lines[0].id: 1}

    def suspend() -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.suspend_without_stock(
                merchant_id=merchant, order_id=order.id, short_by_line=short, reason="x", now=now
            )

    def resume() -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.resume_with_stock(merchant_id=merchant, order_id=order.id, reason="y", now=now)

    outcomes = at_once(*[suspend, resume] * 5)

    assert outcomes == [None] * 10
    with tenancy.scope(merchant_id=merchant):
        after = orders.order_by_id(merchant_id=merchant, order_id=order.id)
        assert after.state in {"paid", "paid_without_stock"}
        assert len(told(merchant, "paid_without_stock")) == 5
        assert orders.check_invariants(merchant_id=merchant) == []
