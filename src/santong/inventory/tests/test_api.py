"""Stock over HTTP."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.test import Client

from santong.catalog import public as catalog
from santong.inventory.tests.factories import NOW, Place, make_level
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.stores import public as stores

_keys = itertools.count(1)


class Till:
    """A program with a token."""

    def __init__(self, merchant_id: int, *, location_id: int | None = None) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            if location_id is None:
                self.secret = make_token(merchant_id)
            else:
                self.secret = make_token(
                    merchant_id,
                    role="warehouse",
                    location_id=location_id,
                    permissions=["stock.view", "stock.adjust", "stock.count"],
                )

    def get(self, path: str, *, expect: int = 200) -> Any:
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"})
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def post(self, path: str, body: object, *, expect: int = 200) -> Any:
        answer = Client().post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": f"stock-{next(_keys)}",
            },
        )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)


@pytest.fixture
def place(merchant: int) -> tuple[Place, str]:
    """Ten units of something at a place, and the code of that something."""
    with tenancy.scope(merchant_id=merchant):
        made = make_level(merchant_id=merchant, on_hand=10)
        sku = catalog.skus_by_id(merchant_id=merchant, sku_ids=[made.sku_id])[made.sku_id]
        return made, sku.code


def test_a_delivery_is_booked_once_under_its_key(merchant: int, place: tuple[Place, str]) -> None:
    at, sku = place
    till = Till(merchant)
    delivery = {
        "location_id": str(at.location_id),
        "quantity_by_sku": {sku: 5},
        "reason": "delivery 88",
        "key": "D88",
    }

    first = till.post("/stock-receipts", delivery)
    again = till.post("/stock-receipts", delivery)

    (level,) = till.get(f"/stock-levels?sku={sku}")["items"]
    assert (first, again) == ({"is_booked": True}, {"is_booked": False})
    assert (level["on_hand"], level["atp"]) == (15, 15)


def test_a_level_is_told_with_what_changed_it(merchant: int, place: tuple[Place, str]) -> None:
    at, sku = place
    till = Till(merchant)
    till.post(
        "/stock-adjustments",
        {
            "location_id": str(at.location_id),
            "sku": sku,
            "delta": -3,
            "reason": "broken",
            "key": "A1",
        },
    )
    till.post(
        "/stock-counts",
        {"location_id": str(at.location_id), "counted_by_sku": {sku: 6}, "key": "C1"},
    )

    moved = till.get(f"/stock-movements?location_id={at.location_id}&sku={sku}")["items"]

    assert [(row["kind"], row["on_hand_delta"]) for row in moved] == [
        ("count", -1),
        ("adjust", -3),
        ("receive", 10),
    ]
    assert sum(row["on_hand_delta"] for row in moved) == 6


def test_what_can_be_promised_is_told_in_all_and_by_place(
    merchant: int, place: tuple[Place, str]
) -> None:
    at, sku = place

    (atp,) = Till(merchant).get(f"/atp?sku={sku}")["items"]

    assert atp["quantity"] == 10
    assert atp["places"] == [{"location_id": str(at.location_id), "quantity": 10}]


def test_safety_stock_is_kept_out_of_the_promise(merchant: int, place: tuple[Place, str]) -> None:
    at, sku = place
    till = Till(merchant)

    till.post(
        "/safety-stocks",
        {"location_id": str(at.location_id), "quantity_by_sku": {sku: 4}, "reason": "display"},
    )

    (atp,) = till.get(f"/atp?sku={sku}")["items"]
    assert atp["quantity"] == 6


def test_a_till_sells_below_what_the_books_have(merchant: int, place: tuple[Place, str]) -> None:
    at, sku = place
    till = Till(merchant)

    till.post(
        "/till-sales",
        {"location_id": str(at.location_id), "quantity_by_sku": {sku: 12}, "key": "T1"},
    )

    (level,) = till.get(f"/stock-levels?location_id={at.location_id}")["items"]
    assert (level["on_hand"], level["atp"], level["shortfall"]) == (-2, 0, 0)
    assert till.get("/shortfalls")["items"] == []


def test_whoever_works_at_one_place_sees_and_touches_no_other(
    merchant: int, place: tuple[Place, str]
) -> None:
    at, sku = place
    with tenancy.scope(merchant_id=merchant):
        elsewhere = stores.open_location(
            merchant_id=merchant,
            code="ELSE",
            name="别处",
            kind="store",
            latitude=31.0,
            longitude=121.0,
            now=NOW,
        ).id
    till = Till(merchant, location_id=elsewhere)
    count = {"location_id": str(at.location_id), "counted_by_sku": {sku: 0}, "key": "C9"}

    refused = till.post("/stock-counts", count, expect=404)

    (atp,) = till.get(f"/atp?sku={sku}")["items"]
    assert refused["code"] == "kernel.no_such"
    assert till.get("/stock-levels")["items"] == []
    till.get(f"/stock-levels?location_id={at.location_id}", expect=404)
    assert (atp["quantity"], atp["places"]) == (0, [])
    (level,) = Till(merchant).get(f"/stock-levels?sku={sku}")["items"]
    assert level["on_hand"] == 10


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/stock-receipts", {"quantity_by_sku": {"NO-SUCH": 1}, "reason": "x", "key": "1"}),
        ("/stock-counts", {"counted_by_sku": {"NO-SUCH": 1}, "key": "1"}),
        ("/till-sales", {"quantity_by_sku": {"NO-SUCH": 1}, "key": "1"}),
    ],
)
def test_a_sku_that_nobody_knows_is_named(
    merchant: int, place: tuple[Place, str], path: str, body: dict[str, Any]
) -> None:
    at, _ = place

    refused = Till(merchant).post(path, {"location_id": str(at.location_id), **body}, expect=404)

    assert (refused["kind"], refused["key"]) == ("sku", "NO-SUCH")
