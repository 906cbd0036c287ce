"""Invoices on the console: asked for once, with their story, and seen where they were sold."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from santong.console.tests.settlement_people import desk
from santong.invoicing import public as invoicing
from santong.invoicing.tests.factories import NOW, PERSON, ask, make_seller, make_sold, work
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.orders import public as orders
from santong.orders.tests.factories import make_new_line, make_paid_order
from santong.stores.tests.factories import make_location

MOST_QUESTIONS = 20

_keys = itertools.count(1)


@pytest.fixture
def order(merchant: int) -> orders.Order:
    """A paid order of the flagship storefront, who issues for it, and the people."""
    with tenancy.scope(merchant_id=merchant):
        make_seller(merchant)
        sold = make_sold(merchant)
        place = make_location(merchant_id=merchant)
        make_staff(merchant, login="finance", role="finance")
        make_staff(merchant, login="clerk", role="clerk", location_id=place.id)
        return sold


def of(merchant_id: int, order: orders.Order) -> list[invoicing.Invoice]:
    with tenancy.scope(merchant_id=merchant_id):
        return invoicing.invoices_of(merchant_id=merchant_id, document=f"order:{order.id}")


def test_two_taps_ask_for_one_invoice_and_it_tells_its_story(
    merchant: int, order: orders.Order
) -> None:
    at = desk(merchant, "finance")
    path = f"/console/invoices/orders/{order.id}/issue/"
    form = {"kind": "person", "name": PERSON.name, "number": "", "form": "ordinary"}

    answers = [at.send(path, key="tap", **form)[0] for _ in range(2)]
    (invoice,) = of(merchant, order)
    with tenancy.scope(merchant_id=merchant):
        work(merchant, now=datetime.now(UTC) + timedelta(minutes=1), rounds=3)
    (issued,) = of(merchant, order)
    _, story = at.open(f"/console/invoices/{invoice.id}/")
    _, found = at.open(f"/console/invoices/?number={issued.number}")

    assert answers == [200, 200]
    assert issued.state == "issued"
    assert "issued by the tax office" in story
    assert PERSON.name not in story
    assert issued.number in story
    assert issued.number in found


def test_what_cannot_be_invoiced_is_said_beside_the_form(
    merchant: int, order: orders.Order
) -> None:
    at = desk(merchant, "finance")

    status, text = at.send(
        f"/console/invoices/orders/{order.id}/issue/",
        kind="company",
        name="杭州某某贸易有限公司",
        number="123",
        form="special",
    )

    assert status == 422
    assert "Ask for an invoice of what is left" in text
    assert of(merchant, order) == []


def test_a_clerk_of_another_place_sees_no_invoice(merchant: int, order: orders.Order) -> None:
    desk(merchant, "finance").send(
        f"/console/invoices/orders/{order.id}/issue/",
        kind="person",
        name=PERSON.name,
        form="ordinary",
    )
    (invoice,) = of(merchant, order)
    at = desk(merchant, "clerk")

    assert at.open(f"/console/invoices/{invoice.id}/")[0] == 404
    assert at.open(f"/console/invoices/orders/{order.id}/")[0] == 404
    assert "No invoice fits." in at.open("/console/invoices/")[1]


def test_an_issued_invoice_is_not_asked_for_anew(merchant: int, order: orders.Order) -> None:
    at = desk(merchant, "finance")
    at.send(
        f"/console/invoices/orders/{order.id}/issue/",
        kind="person",
        name=PERSON.name,
        form="ordinary",
    )
    (invoice,) = of(merchant, order)

    status, _ = at.send(f"/console/invoices/{invoice.id}/ask-anew/", reason="once more")

    assert status == 409
    assert [each.id for each in of(merchant, order)] == [invoice.id]


def test_pages_of_invoices_ask_no_more_for_more_rows(new_merchant: Callable[..., int]) -> None:
    few, many = (questions(new_merchant(), rows=rows) for rows in (1, 8))

    assert {page: (few[page], many[page]) for page in few if many[page] > few[page] + 1} == {}
    assert max(many.values()) <= MOST_QUESTIONS


def questions(merchant_id: int, *, rows: int) -> dict[str, int]:
    """How much each page asks, where so many orders have an invoice; one of as many lines.

    Of each something was taken back, and waits; of that one so many times.
    """
    with tenancy.scope(merchant_id=merchant_id):
        make_staff(merchant_id, login="finance", role="finance")
        make_seller(merchant_id)
        long = make_sold(merchant_id, quantities=(1,) * rows)
        line = make_new_line(sku_code="COAT-0")
        others = [make_paid_order(merchant_id, lines=[line]) for _ in range(rows - 1)]
        issued = [each for sold in (long, *others) for each in ask(merchant_id, sold)]
        work(merchant_id)
        make_seller(merchant_id, red_policy="held")
        for order_id in [*([long.id] * rows), *(each.id for each in others)]:
            invoicing.follow_money(
                merchant_id=merchant_id,
                order_id=order_id,
                refund_key=f"{next(_keys)}",
                refunded_minor=100,
                now=NOW,
            )
        held = len(invoicing.hindrances(merchant_id=merchant_id))
    assert (len(issued), held) == (rows, 2 * rows - 1)
    at = desk(merchant_id, "finance")
    return {
        "list": at.questions("/console/invoices/"),
        "of a state": at.questions("/console/invoices/?state=issued"),
        "invoice": at.questions(f"/console/invoices/{issued[0].id}/"),
        "order": at.questions(f"/console/invoices/orders/{long.id}/"),
    }
