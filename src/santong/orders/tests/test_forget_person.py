"""Who got an order is forgotten; what was sold stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from santong.customers import public as customers
from santong.inventory.tests.factories import NOW
from santong.orders import public as orders
from santong.orders.models import Order
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


@pytest.mark.parametrize("reference", ["13800138000", "+86 138-0013-8000", "tel 138 0013 8000"])
def test_a_number_typed_as_a_reference_is_not_kept(merchant_id: int, reference: str) -> None:
    make_shop(merchant_id)

    order = place(merchant_id, member_reference=reference)
    again = place(merchant_id, member_reference=reference, external_number=order.external_number)

    assert again.id == order.id
    kept = seen(merchant_id, order).member_reference
    assert kept is not None
    assert "***" in kept
    assert not any(letter.isdigit() for letter in kept.removeprefix("+86"))


def test_what_a_channel_calls_somebody_goes_with_them(merchant_id: int) -> None:
    make_shop(merchant_id)
    somebody_else = replace(RECIPIENT, phone="13900139000")
    nick = customers.Identifier("mix_nick", "tb88471", "flagship")
    hers, others = (
        place(merchant_id, member_reference=name, recipient=somebody_else)
        for name in ("tb88471", "tb88472")
    )

    orders.forget_person(
        merchant_id=merchant_id,
        person=replace(PERSON, identifiers=(*PERSON.identifiers, nick)),
        now=NOW,
    )

    assert seen(merchant_id, hers).member_reference is None
    assert seen(merchant_id, hers).recipient.name == "王**"
    assert seen(merchant_id, others).member_reference == "tb88472"


def test_a_number_kept_by_an_older_version_goes_with_whose_it_is(merchant_id: int) -> None:
    make_shop(merchant_id)
    order = place(
        merchant_id, member_reference="x", recipient=replace(RECIPIENT, phone="13900139000")
    )
    Order.objects.of_merchant(merchant_id).update(member_reference="13800138000")

    forget(merchant_id)

    assert seen(merchant_id, order).member_reference is None
