"""A marketplace has sold what nobody has: the order waits, and is filled, or is cancelled."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop, order_document


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def office(merchant: int, shop: Shop) -> Caller:
    return caller(merchant)


def sold(office: Caller, *, quantity: int = 2) -> str:
    """A paid order of what is not there; its id."""
    placed = office.post("/orders", order_document(quantity=quantity), expect=201)
    assert placed["order"]["state"] == "paid_without_stock"
    tell_all()
    return str(placed["order"]["id"])


def receive(office: Caller, shop: Shop, quantity: int) -> None:
    office.post(
        "/stock-receipts",
        {
            "location_id": str(shop.near),
            "quantity_by_sku": {shop.sku_code: quantity},
            "reason": "delivery",
            "key": uuid.uuid4().hex,
        },
    )


def state_of(office: Caller, order_id: str) -> str:
    return str(office.get(f"/orders/{order_id}")["state"])


def offered(office: Caller, order_id: str) -> list[tuple[str, int]]:
    listed = office.get("/fulfilment-orders")["items"]
    return [
        (work["state"], line["quantity"])
        for work in reversed(listed)
        if work["order_id"] == order_id
        for line in work["lines"]
    ]


def cases(office: Caller) -> list[dict[str, Any]]:
    return [case for case in office.get("/exceptions") if case["kind"] == "unfilled"]


def test_stock_that_comes_finds_the_order_that_waits(office: Caller, shop: Shop) -> None:
    order_id = sold(office)
    waiting = cases(office)

    receive(office, shop, 5)
    tell_all()

    names = [entry["name"] for entry in office.get(f"/orders/{order_id}/timeline")["items"]]
    assert [case["order_id"] for case in waiting] == [order_id]
    assert state_of(office, order_id) == "paid"
    assert offered(office, order_id) == [("offered", 2)]
    assert cases(office) == []
    assert "orders.resume" in names


def test_somebody_tries_again_before_the_news_is_round(office: Caller, shop: Shop) -> None:
    order_id = sold(office, quantity=3)
    (line,) = office.get(f"/orders/{order_id}")["lines"]
    path = f"/orders/{order_id}/fill-rest"

    nothing = office.post(path, {"reason": "the buyer calls"}, expect=409)
    receive(office, shop, 2)
    part = office.post(path, {"reason": "the buyer calls again"})
    receive(office, shop, 4)
    rest = office.post(path, {"reason": "and again"})
    tell_all()

    assert nothing["code"] == "routing.nothing_can_serve"
    assert (part["quantity_by_line"], part["short_by_line"]) == ({line["id"]: 2}, {line["id"]: 1})
    assert (rest["quantity_by_line"], rest["short_by_line"]) == ({line["id"]: 1}, {})
    assert state_of(office, order_id) == "paid"
    assert offered(office, order_id) == [("offered", 2), ("offered", 1)]
    assert cases(office) == []


def test_what_cannot_be_had_is_cancelled_and_goes_back(office: Caller, shop: Shop) -> None:
    order_id = sold(office)

    office.post(f"/orders/{order_id}/cancel", {"reason": "not made any more"})
    tell_all()
    receive(office, shop, 5)
    tell_all()

    told = [entry["name"] for entry in office.get(f"/orders/{order_id}/timeline")["items"]]
    assert state_of(office, order_id) == "cancelled"
    assert "orders.refund_owed.v1" in told
    assert offered(office, order_id) == []
    assert cases(office) == []


def test_a_store_may_not_decide_about_it(merchant: int, office: Caller, shop: Shop) -> None:
    order_id = sold(office)
    clerk = caller(merchant, role="clerk", location_id=shop.near)

    refused = clerk.post(f"/orders/{order_id}/fill-rest", {"reason": "mine"}, expect=403)

    assert refused["code"] == "kernel.permission_missing"
