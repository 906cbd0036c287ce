"""Orders over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from santong.kernel import audit, tenancy
from santong.merchants.tests.factories import make_token
from santong.orders import public as orders
from santong.orders.tests.factories import make_order, make_promised_order, make_shop
from santong.stores import public as stores

_keys = itertools.count(1)

PAYMENT = {
    "external_id": "WX1",
    "provider": "wallet",
    "amount_minor": 19_900,
    "currency": "CNY",
    "paid_at": "2026-11-11T15:25:00+08:00",
}


@dataclass
class Caller:
    """A program with a token."""

    secret: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> HttpResponse:
        answer = self.client.get(
            f"/api/v1{path}", query, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def post(self, path: str, body: object, *, key: str = "") -> HttpResponse:
        answer = self.client.post(
            f"/api/v1{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": key or f"key-{next(_keys)}",
            },
        )
        assert isinstance(answer, HttpResponse)
        return answer


def make_caller(merchant_id: int, **given: Any) -> Caller:
    with tenancy.scope(merchant_id=merchant_id):
        return Caller(make_token(merchant_id, **given))


@pytest.fixture
def order(merchant: int) -> orders.Order:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        return make_promised_order(merchant)


@pytest.fixture
def office(merchant: int) -> Caller:
    return make_caller(merchant)


def test_an_order_is_shown_with_money_strings_and_masks(
    office: Caller, order: orders.Order
) -> None:
    answer = office.get(f"/orders/{order.id}")

    shown = json.loads(answer.content)
    assert answer.status_code == 200
    assert shown["id"] == str(order.id)
    assert shown["total"] == {"amount_minor": 19_900, "currency": "CNY"}
    assert shown["placed_at"] == "2026-11-11T07:20:00+00:00"
    assert shown["recipient"]["name"] == "王**"
    assert shown["recipient"]["phone"] == "138****8000"
    assert shown["recipient"]["address"] == "浙江省杭州市西湖区***"
    assert shown["lines"][0]["unit_price"] == {"amount_minor": 19_900, "currency": "CNY"}


def test_orders_come_in_pages_and_by_filter(
    office: Caller, merchant: int, order: orders.Order
) -> None:
    with tenancy.scope(merchant_id=merchant):
        later = make_order(merchant, external_number="LATE")

    first = json.loads(office.get("/orders", limit=1).content)
    second = json.loads(office.get("/orders", limit=1, cursor=first["next_cursor"]).content)
    found = json.loads(office.get("/orders", external_number="LATE", state="placed").content)
    none = json.loads(office.get("/orders", placed_from="2026-11-12T00:00:00+08:00").content)

    assert [first["items"][0]["id"], second["items"][0]["id"]] == [str(later.id), str(order.id)]
    assert second["next_cursor"] is None
    assert [item["id"] for item in found["items"]] == [str(later.id)]
    assert none["items"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"state": "lost"}, "/query/state"),
        ({"placed_from": "2026-11-11T00:00:00"}, "/query/placed_from"),
        ({"limit": 0}, "/query/limit"),
        ({"cursor": "???"}, "/query/cursor"),
        ({"external_number": "9" * 65}, "/query/external_number"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(
    office: Caller, query: dict[str, Any], pointer: str
) -> None:
    answer = office.get("/orders", **query)

    assert answer.status_code == 422
    assert pointer in answer.content.decode()


def test_a_payment_is_recorded_once(office: Caller, order: orders.Order) -> None:
    first = office.post(f"/orders/{order.id}/payments", PAYMENT)
    again = office.post(f"/orders/{order.id}/payments", PAYMENT)

    assert (first.status_code, again.status_code) == (200, 200)
    assert json.loads(first.content) == json.loads(again.content)
    assert json.loads(first.content)["state"] == "paid"
    assert json.loads(first.content)["paid"]["amount_minor"] == 19_900


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"paid_at": "2026-11-11T15:25:00"}, "/paid_at"),
        ({"currency": "USD"}, "/currency"),
        ({"amount_minor": "19900"}, "/amount_minor"),
        ({"amount": 1}, "/amount"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(
    office: Caller, order: orders.Order, change: dict[str, Any], pointer: str
) -> None:
    answer = office.post(f"/orders/{order.id}/payments", PAYMENT | change)

    assert answer.status_code == 422
    assert pointer in answer.content.decode()


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d"])
def test_text_that_no_column_takes_is_refused(
    office: Caller, order: orders.Order, text: str
) -> None:
    answer = office.post(f"/orders/{order.id}/payments", PAYMENT | {"external_id": text})

    assert answer.status_code in {400, 422}


def test_an_order_is_cancelled_with_a_reason(office: Caller, order: orders.Order) -> None:
    silent = office.post(f"/orders/{order.id}/cancel", {})
    answer = office.post(f"/orders/{order.id}/cancel", {"reason": "buyer asked"})

    assert silent.status_code == 422
    assert (answer.status_code, json.loads(answer.content)["state"]) == (200, "cancelled")


def test_a_recipient_is_revealed_for_a_reason_and_the_answer_is_not_kept(
    office: Caller, merchant: int, order: orders.Order
) -> None:
    path = f"/orders/{order.id}/reveal-recipient"

    answer = office.post(path, {"reason": "courier cannot find the door"}, key="once")
    again = office.post(path, {"reason": "courier cannot find the door"}, key="once")

    revealed = json.loads(answer.content)
    assert (revealed["name"], revealed["phone"]) == ("王小明", "13800138000")
    assert revealed["address"] == "文三路 90 号 3 幢 1201 室"
    assert answer["Cache-Control"] == "no-store"
    assert again.status_code == 409
    assert "13800138000" not in again.content.decode()
    with tenancy.scope(merchant_id=merchant):
        *_, entry = audit.trail_of(merchant_id=merchant, subject="order", subject_ids=[order.id])
    assert (entry.action, entry.actor_kind) == ("orders.reveal_recipient", "token")
    assert entry.reason == "courier cannot find the door"


def test_the_timeline_is_told(office: Caller, order: orders.Order) -> None:
    office.post(f"/orders/{order.id}/payments", PAYMENT)

    answer = office.get(f"/orders/{order.id}/timeline")

    names = [entry["name"] for entry in json.loads(answer.content)["items"]]
    assert names[0] == "orders.placed_by_buyer"
    assert {"orders.place", "orders.order_placed.v1", "orders.order_paid.v1"} <= set(names)


ENDPOINTS: list[tuple[str, str, object]] = [
    ("get", "", None),
    ("post", "/payments", PAYMENT),
    ("post", "/cancel", {"reason": "x"}),
    ("post", "/reveal-recipient", {"reason": "x"}),
    ("get", "/timeline", None),
]


def call(caller: Caller, order: orders.Order, endpoint: tuple[str, str, object]) -> HttpResponse:
    method, path, body = endpoint
    whole = f"/orders/{order.id}{path}"
    return caller.get(whole) if method == "get" else caller.post(whole, body)


def unchanged(merchant_id: int, order: orders.Order) -> bool:
    with tenancy.scope(merchant_id=merchant_id):
        return orders.order_by_id(merchant_id=merchant_id, order_id=order.id) == order


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint[1] or "/")
def test_another_merchant_finds_no_such_order(
    new_merchant: Callable[..., int],
    merchant: int,
    order: orders.Order,
    endpoint: tuple[str, str, object],
) -> None:
    stranger = make_caller(new_merchant())

    answer = call(stranger, order, endpoint)

    assert answer.status_code == 404
    assert unchanged(merchant, order)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint[1] or "/")
def test_a_token_without_the_permission_is_refused(
    merchant: int, order: orders.Order, endpoint: tuple[str, str, object]
) -> None:
    nobody = make_caller(merchant, permissions=["stock.view"])

    answer = call(nobody, order, endpoint)

    assert answer.status_code == 403
    assert unchanged(merchant, order)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint[1] or "/")
def test_the_manager_of_another_store_finds_no_such_order(
    merchant: int, order: orders.Order, endpoint: tuple[str, str, object], now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        store_id = stores.open_location(
            merchant_id=merchant,
            code="S1",
            name="湖滨店",
            kind="store",
            latitude=30.25,
            longitude=120.16,
            now=now,
        ).id
    permissions = {"orders.view", "orders.pay", "personal_data.reveal"}
    manager = make_caller(
        merchant, role="store_manager", permissions=permissions, location_id=store_id
    )

    answer = call(manager, order, endpoint)

    assert answer.status_code in {403, 404}
    assert unchanged(merchant, order)


@pytest.mark.parametrize("order_id", ["0", "-1", "x", "9" * 30, "1%00", "٣"])
def test_what_is_no_id_is_not_found(office: Caller, order_id: str) -> None:
    answer = office.get(f"/orders/{order_id}")

    assert answer.status_code in {404, 422}
