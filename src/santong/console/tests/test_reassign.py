"""The operator gives an order's work to another place."""

from __future__ import annotations

import pytest

from santong.console.tests.desk import Shop, open_shop
from santong.orders import public as orders


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5, middle=5)


def form_of(shop: Shop, order: orders.Order) -> str:
    return f"/console/orders/{order.id}/work/{shop.work(order)[-1].id}/reassign/"


def places_asked(shop: Shop, order: orders.Order) -> list[tuple[int, str]]:
    return [(each.location_id, each.state) for each in shop.work(order)]


def test_the_operator_gives_work_to_another_place_for_a_reason(shop: Shop) -> None:
    order = shop.order()
    office = shop.desk("head_office")

    before = office.open(f"/console/orders/{order.id}/")
    status, text = office.send(
        form_of(shop, order), reason="sooner_elsewhere", note="asked for by the buyer"
    )

    assert "Find another place" in before[1]
    assert status == 200
    assert "Another place has been asked." in text
    assert "given to another place" in text
    assert "asked for by the buyer" in text
    assert places_asked(shop, order) == [
        (shop.world.near, "cancelled"),
        (shop.world.middle, "offered"),
    ]


def test_a_form_sent_twice_takes_effect_once(shop: Shop) -> None:
    order = shop.order()
    office, form = shop.desk("head_office"), form_of(shop, order)

    answers = [office.send(form, reason="overloaded", key="one-tap")[0] for _ in range(2)]

    assert answers == [200, 200]
    assert len(places_asked(shop, order)) == 2


def test_a_refusal_stands_beside_the_form_and_keeps_what_was_typed(merchant: int) -> None:
    shop = open_shop(merchant, near=5)
    order = shop.order()

    office = shop.desk("head_office")
    answer = office.client.post(
        form_of(shop, order), {"key": "k", "reason": "one_parcel", "note": "send it together"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "routing.nothing_can_serve" in page or "No other place" in page
    assert 'value="send it together"' in page
    assert places_asked(shop, order) == [(shop.world.near, "offered")]


def test_a_store_may_decline_and_not_reassign(shop: Shop) -> None:
    order = shop.order()
    clerk = shop.desk("store_manager", at=shop.world.near)

    seen = clerk.open(f"/console/orders/{order.id}/")
    status, _ = clerk.send(form_of(shop, order), reason="overloaded")

    assert (seen[0], "Find another place" in seen[1]) == (200, False)
    assert status == 403
    assert places_asked(shop, order) == [(shop.world.near, "offered")]


def test_work_of_another_order_is_not_reached_through_this_one(shop: Shop) -> None:
    order, other = shop.order(), shop.order()
    office = shop.desk("head_office")

    form = f"/console/orders/{order.id}/work/{shop.work(other)[0].id}/reassign/"
    answer = office.client.post(form, {"key": "k", "reason": "overloaded"})

    assert answer.status_code == 404
    assert places_asked(shop, other) == [(shop.world.near, "offered")]
