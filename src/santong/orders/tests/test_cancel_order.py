"""Giving orders up frees their stock and owes their money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.orders import public as orders
from santong.orders.services.remind_of_refund import remind_of_refund
from santong.orders.tests.factories import (
    make_new_line,
    make_paid_order,
    make_payment,
    make_promised_order,
    make_shop,
)
from santong.orders.tests.test_record_payment import promised, told


def cancel(merchant_id: int, order: orders.Order, now: datetime) -> orders.Order:
    return orders.cancel_order(
        merchant_id=merchant_id, order_id=order.id, reason="buyer changed his mind", now=now
    )


def ship(merchant_id: int, order: orders.Order, quantity: int, now: datetime) -> orders.Order:
    return orders.record_progress(
        merchant_id=merchant_id,
        order_id=order.id,
        line_quantities={order.lines[0].id: quantity},
        kind="shipped",
        now=now,
    )


def test_an_unpaid_order_frees_its_stock(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    cancelled = cancel(merchant_id, order, now)

    assert (cancelled.state, cancelled.refund_due_minor) == ("cancelled", 0)
    assert [line.cancelled_quantity for line in cancelled.lines] == [1]
    assert promised(merchant_id, order) == ["released"]
    (fact,) = told(merchant_id, "order_cancelled")
    assert (fact["why"], fact["is_whole"]) == ("asked", True)
    assert fact["quantity_by_line"] == {str(order.lines[0].id): 1}


def test_what_was_paid_is_to_go_back(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_paid_order(merchant_id)

    cancelled = cancel(merchant_id, order, now)

    assert (cancelled.state, cancelled.refund_due_minor) == ("cancelled", 19_900)
    (fact,) = told(merchant_id, "refund_owed")
    assert (fact["why"], fact["amount_minor"]) == ("cancelled", 19_900)
    assert orders.check_invariants(merchant_id=merchant_id) == []


def test_what_is_owed_is_told_again_when_it_may_have_become_possible(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = cancel(merchant_id, make_paid_order(merchant_id), now)
    kept = make_paid_order(merchant_id)

    for each in (order, kept):
        remind_of_refund(merchant_id=merchant_id, order_id=each.id, now=now)

    first, again = told(merchant_id, "refund_owed")
    assert again == first | {"amount_minor": 0}


def test_what_was_overpaid_does_not_go_back_twice(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id, payment=make_payment(amount_minor=20_000))

    cancelled = cancel(merchant_id, order, now)

    assert (cancelled.paid_minor, cancelled.refund_due_minor) == (20_000, 20_000)
    amounts = [fact["amount_minor"] for fact in told(merchant_id, "refund_owed")]
    assert amounts == [100, 19_900]
    owed = [fact["owed_minor"] for fact in told(merchant_id, "refund_owed")]
    assert owed == [100, 20_000]


def test_of_a_partly_shipped_order_only_the_rest_is_cancelled(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(
        merchant_id,
        lines=[make_new_line(quantity=3, unit_price_minor=1_000)],
        freight_minor=500,
        discount_minor=100,
        payment=make_payment(amount_minor=3_400),
    )
    ship(merchant_id, order, 1, now)

    cancelled = cancel(merchant_id, order, now)

    assert (cancelled.state, cancelled.lines[0].cancelled_quantity) == ("shipped", 2)
    assert cancelled.refund_due_minor == 3_400 - 967 - 500
    (fact,) = told(merchant_id, "order_cancelled")
    assert (fact["is_whole"], fact["quantity_by_line"]) == (False, {str(order.lines[0].id): 2})
    assert orders.check_invariants(merchant_id=merchant_id) == []


def test_what_has_been_shipped_is_not_cancelled(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_paid_order(merchant_id)
    ship(merchant_id, order, 1, now)

    with pytest.raises(orders.AlreadyShipped), transaction.atomic():
        cancel(merchant_id, order, now)

    assert orders.order_by_id(merchant_id=merchant_id, order_id=order.id).state == "shipped"


def test_cancelled_twice_is_cancelled_once(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_paid_order(merchant_id)
    first = cancel(merchant_id, order, now)

    again = cancel(merchant_id, order, now)

    assert again == first
    assert len(told(merchant_id, "order_cancelled")) == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_cancellation_has_a_reason(merchant_id: int, now: datetime, reason: str) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    with pytest.raises(FieldInvalid):
        orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason=reason, now=now)


def test_an_unknown_order_is_not_cancelled(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        orders.cancel_order(merchant_id=merchant_id, order_id=1, reason="x", now=now)


def test_the_trail_says_why(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    cancel(merchant_id, order, now)

    *_, entry = audit.trail_of(merchant_id=merchant_id, subject="order", subject_ids=[order.id])
    assert (entry.action, entry.reason) == ("orders.cancel", "buyer changed his mind")


def test_unpaid_orders_are_given_up_after_hold_and_grace(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    unpaid = make_promised_order(merchant_id)
    paid = make_paid_order(merchant_id)

    early = orders.expire_unpaid(merchant_id=merchant_id, now=now + timedelta(minutes=44))
    due = orders.expire_unpaid(merchant_id=merchant_id, now=now + timedelta(minutes=45))
    again = orders.expire_unpaid(merchant_id=merchant_id, now=now + timedelta(minutes=46))

    assert (early, due, again) == (0, 1, 0)
    states = orders.orders_by_id(merchant_id=merchant_id, order_ids=[unpaid.id, paid.id])
    assert states[unpaid.id].state == "cancelled"
    assert states[paid.id].state == "paid"
    assert promised(merchant_id, unpaid) == ["released"]
    assert [fact["why"] for fact in told(merchant_id, "order_cancelled")] == ["unpaid"]


def test_a_part_payment_of_an_order_that_is_given_up_is_to_go_back(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id, payment=make_payment(amount_minor=100))

    orders.expire_unpaid(merchant_id=merchant_id, now=now + timedelta(hours=1))

    given_up = orders.order_by_id(merchant_id=merchant_id, order_id=order.id)
    assert (given_up.state, given_up.refund_due_minor) == ("cancelled", 100)


def test_no_more_orders_are_given_up_at_once_than_asked_for(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    for _ in range(3):
        make_promised_order(merchant_id)
    later = now + timedelta(hours=1)

    first = orders.expire_unpaid(merchant_id=merchant_id, now=later, limit=2)
    second = orders.expire_unpaid(merchant_id=merchant_id, now=later, limit=2)

    assert (first, second) == (2, 1)


def test_paid_and_cancelled_at_once_no_money_and_no_unit_is_lost(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        placed = [make_promised_order(merchant, on_hand=1) for _ in range(6)]

    def pay(order: orders.Order) -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.record_payment(
                merchant_id=merchant,
                order_id=order.id,
                payment=make_payment(amount_minor=19_900),
                now=now,
            )

    def give_up(order: orders.Order) -> None:
        with tenancy.scope(merchant_id=merchant):
            cancel(merchant, order, now)

    racers: list[Callable[[], None]] = []
    for order in placed:
        racers += [partial(pay, order), partial(give_up, order)]
    outcomes = at_once(*racers)

    assert outcomes == [None] * 12
    with tenancy.scope(merchant_id=merchant):
        after = orders.orders_by_id(merchant_id=merchant, order_ids=[o.id for o in placed])
        assert all(
            (order.state, order.paid_minor, order.refund_due_minor) == ("cancelled", 19_900, 19_900)
            for order in after.values()
        )
        assert all(promised(merchant, order) == ["released"] for order in placed)
        assert orders.check_invariants(merchant_id=merchant) == []
        assert inventory.check_invariants(merchant_id=merchant) == []


def test_paid_and_given_up_at_once_an_order_ends_in_one_of_both(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        placed = [make_promised_order(merchant, on_hand=1) for _ in range(8)]
    later = now + timedelta(hours=1)

    def pay(order: orders.Order) -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.record_payment(
                merchant_id=merchant,
                order_id=order.id,
                payment=make_payment(amount_minor=19_900),
                now=later,
            )

    def sweep() -> None:
        with tenancy.scope(merchant_id=merchant):
            orders.expire_unpaid(merchant_id=merchant, now=later)

    outcomes = at_once(sweep, *[partial(pay, order) for order in placed], sweep)

    assert outcomes == [None] * 10
    with tenancy.scope(merchant_id=merchant):
        after = orders.orders_by_id(merchant_id=merchant, order_ids=[o.id for o in placed])
        owed = {"paid": 0, "cancelled": 19_900}
        assert all(o.refund_due_minor == owed[o.state] for o in after.values())
        assert orders.check_invariants(merchant_id=merchant) == []
        assert inventory.check_invariants(merchant_id=merchant) == []
