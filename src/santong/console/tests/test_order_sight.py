"""Who may open the page of an order, and how much of it they see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.console.tests.desk import Shop, open_shop
from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.routing.tests.factories import NOW

MONEY = "100.00"


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5, middle=5)


def page_of(order: orders.Order) -> str:
    return f"/console/orders/{order.id}/"


def declined(shop: Shop, order: orders.Order) -> None:
    (first,) = shop.work(order)
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        fulfilment.decline(
            merchant_id=shop.world.merchant_id,
            fulfilment_order_id=first.id,
            reason="damaged",
            now=NOW + timedelta(minutes=1),
        )


def test_the_clerk_who_sends_an_order_opens_its_page(shop: Shop) -> None:
    order = shop.order()

    status, text = shop.desk("clerk", at=shop.world.near).open(page_of(order))

    assert status == 200
    assert order.external_number in text
    assert order.lines[0].sku_code in text
    assert "199****1111" in text


def test_who_sends_sees_neither_the_money_nor_the_route_nor_other_places(shop: Shop) -> None:
    order = shop.order()
    declined(shop, order)

    status, text = shop.desk("clerk", at=shop.world.middle).open(page_of(order))

    assert status == 200
    assert "杭州店" in text
    assert "上海店" not in text
    assert MONEY not in text
    assert "Candidates compared" not in text
    assert "Cancel the order" not in text
    assert "19900001111" not in text


def test_the_place_that_declined_an_order_sees_it_no_more(shop: Shop) -> None:
    order = shop.order()
    declined(shop, order)

    status, _ = shop.desk("clerk", at=shop.world.near).open(page_of(order))

    assert status == 404


def test_a_place_that_was_never_asked_sees_nothing(shop: Shop) -> None:
    order = shop.order()

    status, text = shop.desk("clerk", at=shop.world.far).open(page_of(order))

    assert (status, order.external_number in text) == (404, False)


def test_head_office_sees_all_of_it(shop: Shop) -> None:
    order = shop.order()
    declined(shop, order)

    status, text = shop.desk("head_office").open(page_of(order))

    assert status == 200
    assert all(word in text for word in (MONEY, "上海店", "杭州店", "damaged", "Cancel the order"))


def test_the_pages_of_a_place_lead_only_to_orders_that_open(shop: Shop) -> None:
    order = shop.order()
    clerk = shop.desk("clerk", at=shop.world.near)

    linked = [
        clerk.client.get(path).content.decode()
        for path in (f"/console/store/{shop.world.near}/", f"/console/places/{shop.world.near}/")
    ]

    assert all(page_of(order) in page for page in linked)
    assert clerk.open(page_of(order))[0] == 200


def test_who_sends_may_read_the_address_for_a_reason_until_the_parcel_has_left(shop: Shop) -> None:
    order = shop.order()
    clerk = shop.desk("clerk", at=shop.world.near)

    status, text = clerk.send(f"{page_of(order)}reveal/", reason="to write the label")
    declined(shop, order)
    later, _ = clerk.send(f"{page_of(order)}reveal/", reason="out of curiosity")

    assert (status, "19900001111" in text) == (200, True)
    assert later == 404


def test_who_sends_cannot_cancel_or_take_money(shop: Shop) -> None:
    order = shop.order()
    clerk = shop.desk("clerk", at=shop.world.near)

    cancelled, _ = clerk.send(f"{page_of(order)}cancel/", reason="no")
    paid, _ = clerk.send(f"{page_of(order)}pay/", external_id="p", provider="alipay")

    assert (cancelled, paid) == (403, 404)
