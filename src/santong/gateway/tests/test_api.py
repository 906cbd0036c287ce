"""Channels hand in orders over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from santong.gateway.tests.factories import (
    make_document,
    make_payment_document,
    make_stocked_shop,
)
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.orders import public as orders
from santong.stores import public as stores

MOST_STATEMENTS = 13

_keys = itertools.count(1)


@dataclass
class Channel:
    """A program that hands in orders with a token."""

    secret: str

    def post(self, path: str, body: object, *, key: str = "") -> HttpResponse:
        answer = Client().post(
            f"/api/v1{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": key or f"gateway-{next(_keys)}",
            },
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def get(self, path: str) -> HttpResponse:
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"})
        assert isinstance(answer, HttpResponse)
        return answer


def make_channel(merchant_id: int, **given: Any) -> Channel:
    with tenancy.scope(merchant_id=merchant_id):
        return Channel(make_token(merchant_id, **given))


@pytest.fixture
def channel(merchant: int) -> Channel:
    make_stocked_shop(merchant)
    return make_channel(merchant)


def counted(merchant_id: int) -> int:
    with tenancy.scope(merchant_id=merchant_id):
        return len(orders.orders_page(merchant_id=merchant_id, limit=200))


def test_an_order_is_answered_with_its_promise(channel: Channel) -> None:
    answer = channel.post("/orders", make_document())

    taken = json.loads(answer.content)
    assert answer.status_code == 201
    assert taken["order"]["state"] == "placed"
    assert taken["order"]["total"] == {"amount_minor": 19_900, "currency": "CNY"}
    assert taken["order"]["recipient"]["phone"] == "139****2222"
    assert taken["promise"]["is_complete"]
    assert taken["promise"]["decision_id"].isdigit()
    (line,) = taken["promise"]["lines"]
    assert line["line_id"] == taken["order"]["lines"][0]["id"]
    assert [portion["quantity"] for portion in line["portions"]] == [1]
    assert (line["unfilled_quantity"], line["unfilled_reason"]) == (0, None)


def test_the_same_order_again_is_answered_with_the_first_promise(
    channel: Channel, merchant: int
) -> None:
    document = make_document()
    first = channel.post("/orders", document)

    again = channel.post("/orders", document)

    assert (first.status_code, again.status_code) == (201, 200)
    assert json.loads(again.content) == json.loads(first.content)
    assert counted(merchant) == 1


def test_the_same_request_again_gets_the_first_answer(channel: Channel) -> None:
    document = make_document()
    first = channel.post("/orders", document, key="k1")

    again = channel.post("/orders", document, key="k1")

    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"


def test_the_same_number_with_other_content_is_a_conflict_that_names_the_fields(
    channel: Channel,
) -> None:
    document = make_document()
    first = json.loads(channel.post("/orders", document).content)

    answer = channel.post("/orders", document | {"freight_minor": 800})

    problem = json.loads(answer.content)
    assert answer.status_code == 409
    assert problem["code"] == "orders.external_number_taken"
    assert problem["differing"] == ["/freight_minor"]
    assert problem["order_id"] == first["order"]["id"]


def test_placed_paid_and_cancelled(channel: Channel, merchant: int) -> None:
    placed = json.loads(channel.post("/orders", make_document()).content)
    path = f"/orders/{placed['order']['id']}"

    paid = channel.post(f"{path}/payments", make_payment_document())
    cancelled = channel.post(f"{path}/cancel", {"reason": "buyer asked"})
    shown = channel.get(path)

    assert json.loads(paid.content)["state"] == "paid"
    assert json.loads(cancelled.content)["state"] == "cancelled"
    assert json.loads(shown.content)["refund_due"]["amount_minor"] == 19_900
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant) == []
        assert orders.check_invariants(merchant_id=merchant) == []


def test_an_unpaid_order_without_stock_is_not_taken_in(channel: Channel, merchant: int) -> None:
    too_many = [{"sku_code": "COAT", "quantity": 11, "unit_price_minor": 1}]

    answer = channel.post("/orders", make_document(lines=too_many))

    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "routing.out_of_stock"
    assert counted(merchant) == 0


def test_a_paid_order_without_stock_is_taken_in_and_waits(channel: Channel) -> None:
    document = make_document(
        lines=[
            {"sku_code": "COAT", "quantity": 1, "unit_price_minor": 100},
            {"sku_code": "SHIRT", "quantity": 11, "unit_price_minor": 100},
        ],
        payment=make_payment_document(1_200),
    )

    answer = channel.post("/orders", document)

    taken = json.loads(answer.content)
    coat, shirts = taken["promise"]["lines"]
    assert answer.status_code == 201
    assert taken["order"]["state"] == "paid_without_stock"
    assert not taken["promise"]["is_complete"]
    assert coat["unfilled_quantity"] == 0
    assert shirts["unfilled_quantity"] > 0
    assert shirts["unfilled_reason"] == "no_stock"


def test_a_channel_may_ask_for_all_or_nothing(channel: Channel, merchant: int) -> None:
    document = make_document(
        lines=[{"sku_code": "COAT", "quantity": 11, "unit_price_minor": 100}],
        payment=make_payment_document(1_100),
    )

    answer = channel.post("/orders?if_short=refuse", document)

    assert answer.status_code == 409
    assert counted(merchant) == 0


def test_every_wrong_field_is_named(channel: Channel) -> None:
    document = make_document(
        storefront_code="nowhere",
        freight_minor=-1,
        lines=[
            {"sku_code": "COAT", "quantity": 0, "unit_price_minor": 1},
            {"sku_code": "HAT", "quantity": 1, "unit_price_minor": 1},
        ],
    )

    answer = channel.post("/orders", document)

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["code"]) == (422, "orders.invalid_order")
    assert {(error["pointer"], error["reason"]) for error in problem["errors"]} == {
        ("/storefront_code", "unknown"),
        ("/freight_minor", "below_zero"),
        ("/lines/0/quantity", "not_positive"),
        ("/lines/1/sku_code", "unknown"),
    }


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"placed_at": "2026-11-11T15:20:00"}, "/placed_at"),
        ({"freight_minor": "800"}, "/freight_minor"),
        ({"freight_minor": 8.5}, "/freight_minor"),
        ({"freight_minor": True}, "/freight_minor"),
        ({"frieght_minor": 800}, "/frieght_minor"),
        ({"lines": [{"sku_code": "COAT", "quantity": 1}]}, "/lines/0/unit_price_minor"),
        ({"mode": "drone"}, "/mode"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(
    channel: Channel, change: dict[str, Any], pointer: str
) -> None:
    answer = channel.post("/orders", make_document(**change))

    pointers = [error["pointer"] for error in json.loads(answer.content)["errors"]]
    assert answer.status_code == 422
    assert pointers == [pointer]


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d", "a\\u0000b"])
def test_text_that_no_column_takes_is_refused_or_kept(channel: Channel, text: str) -> None:
    answer = channel.post("/orders", make_document(external_number=text))

    assert answer.status_code in {201, 400, 422}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_order_is_refused(channel: Channel, body: bytes) -> None:
    answer = channel.post("/orders", body)

    assert answer.status_code in {400, 422}


def test_a_token_without_the_permission_hands_in_nothing(channel: Channel, merchant: int) -> None:
    clerk = make_channel(merchant, permissions=["orders.view"])

    answers = [
        clerk.post("/orders", make_document()),
        clerk.post("/orders/bulk", {"orders": [make_document()]}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert counted(merchant) == 0


def test_another_merchants_storefront_and_goods_are_unknown(
    channel: Channel, merchant: int, new_merchant: Callable[..., int]
) -> None:
    stranger = make_channel(new_merchant())

    answer = stranger.post("/orders", make_document())

    pointers = [error["pointer"] for error in json.loads(answer.content)["errors"]]
    assert answer.status_code == 422
    assert pointers == ["/storefront_code", "/lines/0/sku_code"]
    assert counted(merchant) == 0


def test_the_staff_of_a_store_hand_in_only_what_it_sold(channel: Channel, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        page = stores.locations_page(merchant_id=merchant)
        here = page[0]
    clerk = make_channel(merchant, role="clerk", permissions=["orders.place"], location_id=here.id)

    elsewhere = clerk.post("/orders", make_document())
    mine = clerk.post("/orders", make_document(seller_location_code=here.code))

    assert (elsewhere.status_code, mine.status_code) == (403, 201)
    assert json.loads(elsewhere.content)["code"] == "gateway.place_not_yours"


def test_each_of_many_orders_is_answered_on_its_own(channel: Channel, merchant: int) -> None:
    twice = make_document()
    good, wrong, short = (
        make_document(),
        make_document(currency="yuan"),
        make_document(lines=[{"sku_code": "COAT", "quantity": 99, "unit_price_minor": 1}]),
    )

    answer = channel.post("/orders/bulk", {"orders": [twice, wrong, good, short, twice, "what"]})

    rows = json.loads(answer.content)["items"]
    assert answer.status_code == 200
    assert [row["status"] for row in rows] == [201, 422, 201, 409, 200, 422]
    assert [row["index"] for row in rows] == [0, 1, 2, 3, 4, 5]
    assert rows[1]["problem"]["errors"] == [{"pointer": "/currency", "reason": "not_a_currency"}]
    assert rows[3]["problem"]["code"] == "routing.out_of_stock"
    assert rows[4]["result"] == rows[0]["result"]
    assert counted(merchant) == 2


def test_of_one_number_in_a_request_the_first_content_counts(channel: Channel) -> None:
    first = make_document(lines=[{"sku_code": "SHIRT", "quantity": 1, "unit_price_minor": 1}])
    other = make_document(external_number=first["external_number"])

    answer = channel.post("/orders/bulk", {"orders": [first, other]})

    assert [row["status"] for row in json.loads(answer.content)["items"]] == [201, 409]


def test_a_hundred_orders_at_most(channel: Channel) -> None:
    none = channel.post("/orders/bulk", {"orders": []})
    too_many = channel.post("/orders/bulk", {"orders": [make_document()] * 101})

    assert (none.status_code, too_many.status_code) == (422, 422)


def test_an_order_takes_few_statements(channel: Channel) -> None:
    channel.post("/orders", make_document(payment=make_payment_document()))
    document = make_document(payment=make_payment_document())

    with CaptureQueriesContext(connection) as caught:
        channel.post("/orders", document)

    assert len(caught) <= MOST_STATEMENTS, [query["sql"][:70] for query in caught]


def test_fifty_at_once_with_one_number_get_one_answer(
    channel: Channel, merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    document = make_document()

    answers = at_once(*[lambda: channel.post("/orders", document)] * 50)

    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert counted(merchant) == 1


def test_the_last_units_are_sold_once(
    channel: Channel, merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    documents = [make_document() for _ in range(30)]

    answers = at_once(
        *[lambda document=document: channel.post("/orders", document) for document in documents]
    )

    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 10
    assert counted(merchant) == 10
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant) == []


def test_many_orders_at_once_that_cross_one_another_are_all_taken_in(
    channel: Channel, merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    def lines(code: str) -> list[dict[str, Any]]:
        return [{"sku_code": code, "quantity": 1, "unit_price_minor": 100}]

    def hand_in(codes: list[str]) -> HttpResponse:
        documents = [make_document(lines=lines(code)) for code in codes]
        return channel.post("/orders/bulk", {"orders": documents})

    there, back = ["COAT", "SHIRT"], ["SHIRT", "COAT"]
    answers = at_once(*[lambda: hand_in(there), lambda: hand_in(back)] * 4)

    assert [answer.status_code for answer in answers] == [200] * 8
    statuses = [row["status"] for answer in answers for row in json.loads(answer.content)["items"]]
    assert statuses == [201] * 16
    assert counted(merchant) == 16
