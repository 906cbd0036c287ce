"""No money is refused, and none is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import audit, tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.models import OutboxEvent
from santong.orders import public as orders
from santong.orders.tests.factories import (
    make_new_line,
    make_order,
    make_payment,
    make_promised_order,
    make_shop,
)


def told(merchant_id: int, name: str) -> list[dict[str, Any]]:
    rows = OutboxEvent.objects.filter(merchant_id=merchant_id, name=f"orders.{name}.v1")
    return list(rows.order_by("id").values_list("body", flat=True))


def pay(merchant_id: int, order: orders.Order, now: datetime, **given: Any) -> orders.Order:
    return orders.record_payment(
        merchant_id=merchant_id, order_id=order.id, payment=make_payment(**given), now=now
    )


def promised(merchant_id: int, order: orders.Order) -> list[str]:
    holder = orders.holder_of(order_id=order.id)
    return [r.state for r in inventory.reservations_of(merchant_id=merchant_id, holder=holder)]


def test_the_payment_that_completes_an_order_makes_its_stock_firm(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    paid = pay(merchant_id, order, now, amount_minor=19_900)

    assert (paid.state, paid.paid_minor, paid.hold_until) == ("paid", 19_900, None)
    assert promised(merchant_id, order) == ["allocated"]
    (fact,) = told(merchant_id, "order_paid")
    assert (fact["order_id"], fact["paid_minor"]) == (order.id, 19_900)


def test_parts_add_up_to_the_total(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    deposit = pay(merchant_id, order, now, amount_minor=5_000)
    rest = pay(merchant_id, order, now, amount_minor=14_900)

    assert (deposit.state, deposit.paid_minor) == ("placed", 5_000)
    assert (rest.state, rest.paid_minor) == ("paid", 19_900)
    assert len(told(merchant_id, "order_paid")) == 1


def test_the_same_payment_again_changes_nothing(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    first = pay(merchant_id, order, now, external_id="WX1", amount_minor=19_900)

    again = pay(merchant_id, order, now, external_id="WX1", amount_minor=19_900)

    assert again == first
    assert len(orders.payments_of(merchant_id=merchant_id, order_id=order.id)) == 1
    assert len(told(merchant_id, "order_paid")) == 1


def test_one_number_of_the_provider_has_one_amount(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    pay(merchant_id, order, now, external_id="WX1", amount_minor=100)

    with pytest.raises(orders.PaymentIdTaken) as refused, transaction.atomic():
        pay(merchant_id, order, now, external_id="WX1", amount_minor=200)

    assert refused.value.differing == ("/amount_minor",)
    assert orders.order_by_id(merchant_id=merchant_id, order_id=order.id).paid_minor == 100


def test_two_providers_may_use_the_same_number(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    pay(merchant_id, order, now, provider="wallet", external_id="1", amount_minor=100)
    both = pay(merchant_id, order, now, provider="bank", external_id="1", amount_minor=200)

    assert both.paid_minor == 300


def test_one_payment_may_pay_two_orders(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    first, second = make_promised_order(merchant_id), make_promised_order(merchant_id)

    for order in (first, second):
        pay(merchant_id, order, now, external_id="MERGED", amount_minor=19_900)

    paid = orders.orders_by_id(merchant_id=merchant_id, order_ids=[first.id, second.id])
    assert [order.state for order in paid.values()] == ["paid", "paid"]


def test_what_is_paid_beyond_the_total_is_to_go_back(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    paid = pay(merchant_id, order, now, amount_minor=20_000)

    assert (paid.state, paid.refund_due_minor, paid.overpaid_minor) == ("paid", 100, 100)
    (fact,) = told(merchant_id, "refund_owed")
    assert (fact["why"], fact["amount_minor"], fact["owed_minor"]) == ("overpaid", 100, 100)


def test_paid_after_its_hold_an_order_takes_its_stock_again(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    later = now + timedelta(minutes=31)
    inventory.expire_due(merchant_id=merchant_id, now=later)

    paid = pay(merchant_id, order, later, amount_minor=19_900)

    assert paid.state == "paid"
    assert promised(merchant_id, order) == ["allocated"]


def test_paid_after_its_stock_is_gone_the_money_is_kept_and_the_order_says_so(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id, on_hand=1)
    later = now + timedelta(minutes=31)
    inventory.expire_due(merchant_id=merchant_id, now=later)
    (reservation,) = inventory.reservations_of(
        merchant_id=merchant_id, holder=orders.holder_of(order_id=order.id)
    )
    inventory.adjust(
        merchant_id=merchant_id,
        location_id=reservation.location_id,
        sku_id=reservation.sku_id,
        delta=-1,
        reason="damaged",
        key="D1",
        now=later,
    )

    paid = pay(merchant_id, order, later, amount_minor=19_900)

    assert (paid.state, paid.paid_minor) == ("paid_without_stock", 19_900)
    (fact,) = told(merchant_id, "paid_without_stock")
    assert fact["short_by_line"] == {str(order.lines[0].id): 1}
    assert told(merchant_id, "order_paid") == []


def test_an_order_that_nothing_was_promised_for_is_paid_without_stock(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)

    paid = pay(merchant_id, order, now, amount_minor=19_900)

    assert paid.state == "paid_without_stock"


def test_money_for_a_cancelled_order_is_taken_in_and_is_to_go_back(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="buyer asked", now=now)

    paid = pay(merchant_id, order, now, amount_minor=19_900)

    assert (paid.state, paid.paid_minor, paid.refund_due_minor) == ("cancelled", 19_900, 19_900)
    (fact,) = told(merchant_id, "refund_owed")
    assert fact["why"] == "paid_after_cancellation"


def test_a_wrong_payment_names_every_field(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)
    wrong = replace(make_payment(), currency="USD", external_id="", amount_minor=-1)

    with pytest.raises(orders.InvalidPayment) as refused:
        orders.record_payment(merchant_id=merchant_id, order_id=order.id, payment=wrong, now=now)

    pointers = {problem.pointer for problem in refused.value.errors}
    assert pointers == {"/currency", "/external_id", "/amount_minor"}


def test_an_unknown_order_takes_no_money(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        orders.record_payment(merchant_id=merchant_id, order_id=1, payment=make_payment(), now=now)


def test_the_trail_says_what_was_paid(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    pay(merchant_id, order, now, external_id="WX1", amount_minor=19_900)

    *_, entry = audit.trail_of(merchant_id=merchant_id, subject="order", subject_ids=[order.id])
    assert entry.before == {"state": "placed", "paid_minor": 0}
    assert (entry.after["state"], entry.after["external_id"]) == ("paid", "WX1")


def test_one_payment_told_twenty_times_at_once_is_one_payment(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        order = make_promised_order(merchant)
    payment = make_payment(amount_minor=19_900)

    def pay_once() -> orders.Order:
        with tenancy.scope(merchant_id=merchant):
            return orders.record_payment(
                merchant_id=merchant, order_id=order.id, payment=payment, now=now
            )

    answers = at_once(*[pay_once] * 20)

    assert {answer.paid_minor for answer in answers} == {19_900}
    with tenancy.scope(merchant_id=merchant):
        assert len(orders.payments_of(merchant_id=merchant, order_id=order.id)) == 1
        assert len(told(merchant, "order_paid")) == 1


def test_parts_paid_at_once_add_up_and_complete_the_order_once(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        order = make_promised_order(
            merchant, lines=[make_new_line(quantity=10, unit_price_minor=1_000)]
        )

    def pay_a_tenth() -> orders.Order:
        with tenancy.scope(merchant_id=merchant):
            return pay(merchant, order, now, amount_minor=1_000)

    at_once(*[pay_a_tenth] * 12)

    with tenancy.scope(merchant_id=merchant):
        paid = orders.order_by_id(merchant_id=merchant, order_id=order.id)
        assert (paid.state, paid.paid_minor, paid.refund_due_minor) == ("paid", 12_000, 2_000)
        assert len(told(merchant, "order_paid")) == 1
        assert orders.check_invariants(merchant_id=merchant) == []
