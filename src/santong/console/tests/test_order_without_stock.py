"""An operator and an order that was paid without stock."""

from __future__ import annotations

import pytest

from santong.console.tests.desk import Desk, Shop, open_shop, tell_all
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.routing import public as routing
from santong.routing.tests.factories import NOW, new_order


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def office(shop: Shop) -> Desk:
    return shop.desk("head_office")


def waiting(shop: Shop, *, quantity: int = 2) -> str:
    """The address of an order of which there is nothing."""
    world = shop.world
    with tenancy.scope(merchant_id=world.merchant_id):
        placed, _ = routing.promise_order(
            merchant_id=world.merchant_id,
            order=new_order(world, quantity=quantity),
            if_short="accept",
            now=NOW,
        )
    tell_all()
    return f"/console/orders/{placed.id}/"


def receive(shop: Shop, quantity: int) -> None:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        shop.world.put(shop.world.near, quantity)


def order_at(shop: Shop, page: str) -> orders.Order:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return orders.order_by_id(
            merchant_id=shop.world.merchant_id, order_id=int(page.split("/")[3])
        )


def test_the_page_says_what_is_wanting_and_offers_to_try_again(shop: Shop, office: Desk) -> None:
    page = waiting(shop)

    status, text = office.open(page)

    assert status == 200
    assert f"{shop.world.sku_code} × 2" in text
    assert "Try again now" in text
    assert "Cancel the order" in text


def test_trying_again_without_stock_says_so(shop: Shop, office: Desk) -> None:
    page = waiting(shop)

    status, text = office.send(f"{page}fill-rest/")

    assert (status, order_at(shop, page).state) == (409, "paid_without_stock")
    assert "routing.nothing_can_serve" in text or "No other place" in text


def test_trying_again_when_stock_came_lets_the_work_begin(shop: Shop, office: Desk) -> None:
    page = waiting(shop)
    receive(shop, 5)

    status, text = office.send(f"{page}fill-rest/")

    assert (status, order_at(shop, page).state) == (200, "paid")
    assert "Everything has found its place." in text
    assert "Try again now" not in text
    assert [each.location_id for each in shop.work(order_at(shop, page))] == [shop.world.near]


def test_a_part_is_taken_and_the_rest_still_asked_for(shop: Shop, office: Desk) -> None:
    page = waiting(shop, quantity=3)
    receive(shop, 2)

    _, text = office.send(f"{page}fill-rest/")

    assert "the rest is still wanting" in text
    assert f"{shop.world.sku_code} × 1" in text


def test_the_operator_cancels_what_cannot_be_had(shop: Shop, office: Desk) -> None:
    page = waiting(shop)

    status, text = office.send(f"{page}cancel/", reason="not made any more")
    tell_all()
    _, left = office.open("/console/exceptions/")

    assert (status, order_at(shop, page).state) == (200, "cancelled")
    assert "The order is cancelled." in text
    assert "Nothing waits for a person." in left


def settle(office: Desk) -> tuple[int, str]:
    """Ask again for the one exception on the list."""
    page = office.client.get("/console/exceptions/").content.decode()
    (form,) = {part.split('"')[0] for part in page.split('action="')[1:] if "/resolve/" in part}
    return office.send(form, resolution="rerouted", note="")


def test_asking_again_from_the_list_of_exceptions(shop: Shop, office: Desk) -> None:
    page = waiting(shop)
    receive(shop, 2)

    status, text = settle(office)

    assert (status, order_at(shop, page).state) == (200, "paid")
    assert "The exception is settled." in text


def test_an_exception_filled_in_part_stays_on_the_list(shop: Shop, office: Desk) -> None:
    page = waiting(shop, quantity=3)
    receive(shop, 2)

    status, text = settle(office)

    assert (status, order_at(shop, page).state) == (200, "paid_without_stock")
    assert "the rest is still wanting" in text
    assert "The exception is settled." not in text
