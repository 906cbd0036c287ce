"""Goods over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santong.catalog.models import Sku
from santong.catalog.tests.factories import make_sku, make_style
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_brand, make_token

_keys = itertools.count(1)


class Caller:
    """Somebody with a token."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: object, *, key: str = "") -> Any:
        return self._client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key or f"goods-{next(_keys)}"},
        )


@pytest.fixture
def caller(merchant: int) -> Caller:
    with tenancy.scope(merchant_id=merchant):
        return Caller(make_token(merchant))


def test_a_style_and_a_sku_are_created_and_found(caller: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        brand = make_brand(merchant)

    style = caller.post(
        "/styles", {"code": "C1", "name": "羊毛大衣", "brand_id": str(brand.id), "season": "冬"}
    )
    sku = caller.post(
        "/skus",
        {
            "code": "C1-M",
            "style_code": "C1",
            "size": "M",
            "weight_grams": 800,
            "list_price": {"amount_minor": 129_900, "currency": "CNY"},
            "barcodes": ["4006381333931"],
        },
    )

    assert (style.status_code, sku.status_code) == (201, 201)
    assert style.json()["brand_id"] == str(brand.id)
    assert sku.json()["list_price"] == {"amount_minor": 129_900, "currency": "CNY"}
    assert caller.get(f"/skus/{sku.json()['id']}").json() == sku.json()
    assert caller.get("/barcodes/04006381333931").json() == sku.json()
    assert caller.get("/styles").json()["items"] == [style.json()]
    for search in ("C1-", "c1-", "羊毛", "4006381333931"):
        assert caller.get("/skus", search=search).json()["items"] == [sku.json()]


def test_a_list_comes_in_pages_newest_first(caller: Caller, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        style = make_style(merchant_id=merchant)
        for number in range(5):
            make_sku(merchant_id=merchant, style_code=style.code, code=f"S{number}")

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = caller.get("/skus", limit=2, cursor=cursor).json()
        seen += [sku["code"] for sku in page["items"]]
        cursor = page["next_cursor"]

    assert seen == ["S4", "S3", "S2", "S1", "S0"]


def test_an_import_says_what_is_wrong_by_row_and_column(caller: Caller, merchant: int) -> None:
    good = {"code": "A", "style_code": "S", "style_name": "大衣"}

    refused = caller.post("/skus/import", {"rows": [good, {**good, "barcodes": ["4006381333930"]}]})
    imported = caller.post("/skus/import", {"rows": [good]})

    assert refused.status_code == 422
    assert refused.json()["code"] == "catalog.import_refused"
    assert refused.json()["errors"] == [
        {"row": 2, "column": "barcodes", "reason": "check_digit", "value": "4006381333930"},
        {"row": 2, "column": "code", "reason": "repeated", "value": "A"},
    ]
    assert imported.json() == {"created": 1, "changed": 0, "unchanged": 0}
    with tenancy.scope(merchant_id=merchant):
        assert Sku.objects.of_merchant(merchant).count() == 1


def test_the_same_command_again_gets_the_same_answer(caller: Caller) -> None:
    first = caller.post("/styles", {"code": "ONE", "name": "大衣"}, key="same-key")
    again = caller.post("/styles", {"code": "ONE", "name": "大衣"}, key="same-key")
    taken = caller.post("/styles", {"code": "ONE", "name": "大衣"})

    assert first.json() == again.json()
    assert (taken.status_code, taken.json()["code"]) == (409, "catalog.code_taken")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/styles", {"code": "A"}),
        ("/styles", {"code": "A", "name": "大衣", "brand_id": "x"}),
        ("/styles", {"code": "A", "name": "大衣", "colour": "红"}),
        ("/skus", {"code": "A", "style_code": "S"}),
        ("/skus/import", {"rows": []}),
        ("/skus/import", {"rows": [{"code": "A", "style_code": "S", "weight_grams": "1"}]}),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(path: str, body: object, caller: Caller) -> None:
    answer = caller.post(path, body)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path", ["/skus/0", "/skus/x", "/skus/99999999999999999999", "/barcodes/4006381333931"]
)
def test_what_is_not_there_is_not_found(path: str, caller: Caller) -> None:
    answer = caller.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "kernel.no_such")


def test_a_brand_of_another_merchant_is_not_there(
    new_merchant: Callable[..., int], caller: Caller
) -> None:
    theirs = new_merchant()
    with tenancy.scope(merchant_id=theirs):
        brand = make_brand(theirs)

    answer = caller.post("/styles", {"code": "A", "name": "大衣", "brand_id": str(brand.id)})

    assert (answer.status_code, answer.json()["kind"]) == (404, "brand")


def test_another_merchants_goods_are_not_found(
    new_merchant: Callable[..., int], caller: Caller
) -> None:
    theirs = new_merchant()
    with tenancy.scope(merchant_id=theirs):
        sku = make_sku(merchant_id=theirs, barcodes=["4006381333931"])

    assert caller.get(f"/skus/{sku.id}").status_code == 404
    assert caller.get("/barcodes/4006381333931").status_code == 404
    assert caller.get("/skus").json()["items"] == []


def test_who_may_only_look_changes_nothing(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        caller = Caller(make_token(merchant, permissions={"catalog.view"}))

    assert caller.get("/skus").status_code == 200
    assert caller.post("/styles", {"code": "A", "name": "大衣"}).status_code == 403


def test_without_a_credential_nothing_is_shown(database: None) -> None:
    assert Client().get("/api/v1/skus").status_code == 401
