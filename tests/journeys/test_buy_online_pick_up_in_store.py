"""A buyer orders online and collects in the store against a code."""

from __future__ import annotations

from tests.journeys.http import caller, tell_all
from tests.journeys.shop import open_shop, order_document


def test_the_goods_wait_and_are_handed_out_once(merchant: int) -> None:
    shop = open_shop(merchant, near=1)
    channel = caller(merchant)
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    placed = channel.post("/orders", order_document(pickup_at="SH1"), expect=201)
    tell_all()
    (work,) = clerk.get("/fulfilment-orders")["items"]
    path = f"/fulfilment-orders/{work['id']}"
    line = work["lines"][0]["order_line_id"]
    clerk.post(f"{path}/accept")
    clerk.post(f"{path}/start-picking")
    clerk.post(f"{path}/picked", {"picked_by_line": {line: 1}})
    clerk.post(f"{path}/pack")

    ready = clerk.post(f"{path}/ready")
    wrong = clerk.post(f"{path}/collect", {"code": "WRONGONE"}, expect=409)
    collected = clerk.post(f"{path}/collect", {"code": ready["code"]})
    again = clerk.post(f"{path}/collect", {"code": ready["code"]}, expect=409)

    assert wrong["code"] == "fulfilment.code_wrong"
    assert wrong["tries_left"] == 4
    assert collected["state"] == "delivered"
    assert again["code"] == "fulfilment.state_passed"
    assert channel.get(f"/orders/{placed['order']['id']}")["state"] == "delivered"


def test_guessing_is_locked_even_though_every_guess_is_refused(merchant: int) -> None:
    shop = open_shop(merchant, near=1)
    channel = caller(merchant)
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    channel.post("/orders", order_document(pickup_at="SH1"), expect=201)
    tell_all()
    (work,) = clerk.get("/fulfilment-orders")["items"]
    path = f"/fulfilment-orders/{work['id']}"
    line = work["lines"][0]["order_line_id"]
    clerk.post(f"{path}/accept")
    clerk.post(f"{path}/start-picking")
    clerk.post(f"{path}/picked", {"picked_by_line": {line: 1}})
    clerk.post(f"{path}/pack")
    ready = clerk.post(f"{path}/ready")

    left = [
        clerk.post(f"{path}/collect", {"code": "WRONGONE"}, expect=409)["tries_left"]
        for _ in range(4)
    ]
    clerk.post(f"{path}/collect", {"code": "WRONGONE"}, expect=429)
    locked = clerk.post(f"{path}/collect", {"code": ready["code"]}, expect=429)

    assert left == [4, 3, 2, 1]
    assert locked["code"] == "fulfilment.code_locked"
    assert 800 < locked["retry_after_seconds"] <= 900


def test_a_pickup_that_the_store_cannot_serve_waits_for_the_buyer(merchant: int) -> None:
    shop = open_shop(merchant, near=1, far=3)
    channel = caller(merchant)
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    placed = channel.post("/orders", order_document(pickup_at="SH1"), expect=201)
    tell_all()
    (work,) = clerk.get("/fulfilment-orders")["items"]

    clerk.post(f"/fulfilment-orders/{work['id']}/decline", {"reason": "not_in_stock"})
    (case,) = channel.get("/exceptions")
    channel.post(f"/exceptions/{case['id']}/resolve", {"resolution": "cancelled"})
    tell_all()

    assert case["kind"] == "pickup_declined"
    assert channel.get("/exceptions") == []
    assert channel.get(f"/orders/{placed['order']['id']}")["state"] == "cancelled"
