"""Who got an order is forgotten; what was sold stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from santong.customers import public as customers
from santong.inventory.tests.factories import NOW
from santong.orders import public as orders
from santong.orders.tests.factories import RECIPIENT, make_new_order, make_shop

PERSON = customers.PersonRecord(
    person_ids=(2**40,), identifiers=(customers.Identifier("phone", "+8613800138000"),)
)


def place(merchant_id: int, **given: Any) -> orders.Order:
    order, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(**given), now=NOW)
    return order


def forget(merchant_id: int) -> None:
    orders.forget_person(merchant_id=merchant_id, person=PERSON, now=NOW)


def seen(merchant_id: int, order: orders.Order) -> orders.Order:
    return orders.order_by_id(merchant_id=merchant_id, order_id=order.id)


def test_an_order_that_has_ended_is_about_nobody(merchant_id: int) -> None:
    make_shop(merchant_id)
    order, other = (
        place(merchant_id, recipient=replace(RECIPIENT, phone=phone))
        for phone in ("138 0013 8000", "13900139000")
    )
    for each in (order, other):
        orders.cancel_order(merchant_id=merchant_id, order_id=each.id, reason="asked", now=NOW)

    forget(merchant_id)

    blank = seen(merchant_id, order)
    assert (blank.recipient.name, blank.recipient.phone) == ("", "")
    assert (blank.total_minor, len(blank.lines)) == (order.total_minor, 1)
    assert orders.orders_page(merchant_id=merchant_id, phone="13800138000") == []
    assert seen(merchant_id, other).recipient.name == "王**"
    assert orders.check_invariants(merchant_id=merchant_id) == []


def test_an_open_order_refuses_and_nothing_is_forgotten(merchant_id: int) -> None:
    make_shop(merchant_id)
    ended, still_open = place(merchant_id), place(merchant_id)
    orders.cancel_order(merchant_id=merchant_id, order_id=ended.id, reason="asked", now=NOW)

    with pytest.raises(orders.PersonStillServed) as refused:
        forget(merchant_id)

    assert refused.value.order_ids == [str(still_open.id)]


def test_an_export_says_what_was_bought_and_who_got_it(merchant_id: int) -> None:
    make_shop(merchant_id)
    order = place(merchant_id)

    part: Any = orders.export_person(merchant_id=merchant_id, person=PERSON)

    (exported,) = part["orders"]
    assert exported["id"] == str(order.id)
    assert exported["recipient"]["address"] == RECIPIENT.address
    assert exported["lines"] == [
        {"sku_code": "COAT-RED-M", "sku_name": exported["lines"][0]["sku_name"], "quantity": 1}
        | {"total_minor": 19_900}
    ]
