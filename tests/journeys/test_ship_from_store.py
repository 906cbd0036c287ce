"""A buyer orders online; a store sends the goods; a declining store passes them on."""

from __future__ import annotations

from typing import Any

from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop, order_document


def work_of(clerk: Caller, order_id: str) -> list[dict[str, Any]]:
    listed = clerk.get("/fulfilment-orders")["items"]
    return [work for work in reversed(listed) if work["order_id"] == order_id]


def send(clerk: Caller, work: dict[str, Any], number: str) -> dict[str, Any]:
    path = f"/fulfilment-orders/{work['id']}"
    clerk.post(f"{path}/accept")
    clerk.post(f"{path}/start-picking")
    clerk.post(
        f"{path}/picked",
        {"picked_by_line": {line["order_line_id"]: line["quantity"] for line in work["lines"]}},
    )
    clerk.post(f"{path}/pack")
    sent: dict[str, Any] = clerk.post(
        f"{path}/hand-over", {"carrier": "simulated", "tracking_number": number}
    )
    return sent


def test_an_order_is_promised_sent_and_signed_for(merchant: int) -> None:
    shop = open_shop(merchant, near=2)
    channel, clerk = caller(merchant), caller(merchant, role="clerk", location_id=shop.near)

    placed = channel.post("/orders", order_document(), expect=201)
    tell_all()
    (work,) = work_of(clerk, placed["order"]["id"])
    sent = send(clerk, work, "SIM-J1")
    channel.post(
        "/carrier-events",
        {
            "carrier": "simulated",
            "tracking_number": "SIM-J1",
            "event_id": "e1",
            "state": "delivered",
            "place": "收货地址",
            "at": "2026-11-12T17:28:00+08:00",
        },
    )

    order = channel.get(f"/orders/{placed['order']['id']}")
    happened = [
        entry["name"] for entry in channel.get(f"/orders/{placed['order']['id']}/timeline")["items"]
    ]
    assert sent["state"] == "handed_over"
    assert order["state"] == "delivered"
    assert stock(channel, shop) == 1
    assert happened.index("orders.placed_by_buyer") < happened.index("orders.record_shipped")
    assert happened.index("orders.record_shipped") < happened.index("orders.record_delivered")


def test_a_store_without_the_goods_passes_the_order_on(merchant: int) -> None:
    shop = open_shop(merchant, near=1, far=1)
    channel = caller(merchant)
    near = caller(merchant, role="clerk", location_id=shop.near)
    far = caller(merchant, role="clerk", location_id=shop.far)
    placed = channel.post("/orders", order_document(), expect=201)
    tell_all()
    (work,) = work_of(near, placed["order"]["id"])

    near.post(f"/fulfilment-orders/{work['id']}/decline", {"reason": "not_in_stock"})
    (passed_on,) = work_of(far, placed["order"]["id"])
    send(far, passed_on, "SIM-J2")

    decisions = channel.get(f"/orders/{placed['order']['id']}/decisions")
    assert [decision["cause"] for decision in decisions] == ["placed", "not_in_stock"]
    assert passed_on["attempt"] == 2
    assert stock(channel, shop) == 0
    assert channel.get(f"/orders/{placed['order']['id']}")["state"] == "shipped"


def test_nobody_works_for_another_store(merchant: int) -> None:
    shop = open_shop(merchant, near=1, far=1)
    channel = caller(merchant)
    far = caller(merchant, role="clerk", location_id=shop.far)
    placed = channel.post("/orders", order_document(), expect=201)
    tell_all()
    (work,) = work_of(channel, placed["order"]["id"])

    far.post(f"/fulfilment-orders/{work['id']}/accept", expect=404)
    far.post(f"/fulfilment-orders/{work['id']}/decline", {"reason": "no_time"}, expect=404)

    assert work_of(far, placed["order"]["id"]) == []
    assert work_of(channel, placed["order"]["id"])[0]["state"] == "offered"


def test_a_cancelled_order_ends_the_work_and_frees_the_goods(merchant: int) -> None:
    shop = open_shop(merchant, near=1)
    channel = caller(merchant)
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    placed = channel.post("/orders", order_document(), expect=201)
    tell_all()
    (work,) = work_of(clerk, placed["order"]["id"])
    clerk.post(f"/fulfilment-orders/{work['id']}/accept")

    channel.post(f"/orders/{placed['order']['id']}/cancel", {"reason": "changed my mind"})
    tell_all()

    (ended,) = work_of(clerk, placed["order"]["id"])
    clerk.post(f"/fulfilment-orders/{work['id']}/start-picking", expect=409)
    assert ended["state"] == "cancelled"
    assert stock(channel, shop) == 1


def test_a_decision_is_explained_and_replayed(merchant: int) -> None:
    open_shop(merchant, near=1, far=5)
    channel = caller(merchant)

    placed = channel.post("/orders", order_document(), expect=201)
    (decision,) = channel.get(f"/orders/{placed['order']['id']}/decisions")
    replayed = channel.get(f"/orders/{placed['order']['id']}/decisions/{decision['id']}/replay")

    costs = [
        sum(candidate["cost_milli_by_part"].values())
        for candidate in decision["choice"]["candidates"]
    ]
    assert len(costs) == 2
    assert decision["choice"]["cost_milli"] == min(costs)
    assert replayed["is_same"] is True


def stock(channel: Caller, shop: Shop) -> int:
    """What can be promised of the coat, over all places."""
    (row,) = channel.get(f"/atp?sku={shop.sku_code}")["items"]
    quantity: int = row["quantity"]
    return quantity
