"""Invoices over HTTP."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from santong.invoicing import public as invoicing
from santong.invoicing.tests.factories import (
    BUYER,
    CLOTHES,
    NOW,
    make_seller,
    make_sold,
    taxpayer_number,
    work,
)
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.orders import public as orders


class Api:
    """A program of the head office."""

    def __init__(self, merchant: int) -> None:
        with tenancy.scope(merchant_id=merchant):
            self.token = make_token(merchant)
        self.client = Client()

    def get(self, path: str) -> Any:
        return self._asked("get", path)

    def post(self, path: str, body: Any) -> Any:
        return self._asked(
            "post",
            path,
            data=json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )

    def delete(self, path: str) -> Any:
        return self._asked("delete", path, headers={"Idempotency-Key": uuid.uuid4().hex})

    def _asked(self, method: str, path: str, **named: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **named.pop("headers", {})}
        return getattr(self.client, method)(f"/api/v1{path}", headers=headers, **named)


@pytest.fixture
def api(merchant: int) -> Api:
    return Api(merchant)


@pytest.fixture
def sold(merchant: int) -> orders.Order:
    with tenancy.scope(merchant_id=merchant):
        make_seller(merchant)
        return make_sold(merchant)


TITLE = {"kind": "company", "name": BUYER.name, "number": BUYER.number.lower()}
RATED = {
    "tax_code": CLOTHES.tax_code,
    "tax_name": CLOTHES.tax_name,
    "rate_basis_points": CLOTHES.rate_basis_points,
}


def test_a_seller_is_set_up_and_its_secrets_are_never_shown(api: Api) -> None:
    body = {
        "code": "house",
        "name": "青禾服饰有限公司",
        "taxpayer_number": taxpayer_number(),
        "default_rate": RATED,
        "secrets": {"key": "do-not-show"},
    }

    made = api.post("/invoice-sellers", body)
    shown = api.get("/invoice-sellers")

    assert made.status_code == 201
    assert [each["code"] for each in shown.json()] == ["house"]
    assert b"do-not-show" not in made.content + shown.content


def test_a_rate_is_said_once_for_a_moment(api: Api) -> None:
    body = {"subject": "category", "key": "图书", "rated": RATED, "valid_from": NOW.isoformat()}
    other = {**body, "rated": {**RATED, "rate_basis_points": 900}}

    answers = [api.post("/invoice-tax-rates", each) for each in (body, body, other)]

    assert [each.status_code for each in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "invoicing.rate_taken"
    assert len(api.get("/invoice-tax-rates").json()) == 1


def test_an_invoice_is_asked_for_and_found(merchant: int, api: Api, sold: orders.Order) -> None:
    body = {"title": TITLE, "form": "special", "key": "till-7"}

    asked = api.post(f"/orders/{sold.id}/invoices", body)
    work(merchant, now=datetime.now(UTC))
    (made,) = asked.json()
    found = api.get(f"/invoices/{made['id']}").json()

    assert asked.status_code == 201
    assert (found["state"], found["total_minor"], found["title_number"]) == (
        "issued",
        59_700,
        BUYER.number,
    )
    page = api.get(f"/invoices?state=issued&order_id={sold.id}&number={found['number']}").json()
    assert [each["id"] for each in page["items"]] == [made["id"]]
    again = api.post(f"/orders/{sold.id}/invoices", {**body, "key": "till-8"})
    assert again.json()["code"] == "invoicing.nothing_to_invoice"


def test_a_persons_name_is_masked(api: Api, sold: orders.Order) -> None:
    title = {"kind": "person", "name": "王小明", "email": "wang@example.com"}

    asked = api.post(f"/orders/{sold.id}/invoices", {"title": title, "key": "a"})

    assert asked.json()[0]["title_name"] == "王**"
    assert "小明" not in asked.content.decode()


def test_what_hinders_an_invoice_is_listed_in_words_until_it_is_asked_anew(
    merchant: int, api: Api, sold: orders.Order
) -> None:
    api.post(f"/orders/{sold.id}/invoices", {"title": TITLE, "form": "special", "key": "a"})
    work(merchant, now=datetime.now(UTC))
    with tenancy.scope(merchant_id=merchant):
        make_seller(merchant, red_policy="held")
        invoicing.follow_money(
            merchant_id=merchant, order_id=sold.id, refund_key="1", refunded_minor=100, now=NOW
        )

    (hindrance,) = api.get("/invoice-exceptions").json()
    red = hindrance["invoice"]["id"]
    let_go = api.post(f"/invoices/{red}/ask-anew", {"reason": "核对过"})

    assert (hindrance["kind"], hindrance["words"] != "") == ("held", True)
    assert (let_go.status_code, let_go.json()["is_held"]) == (200, False)
    assert api.get("/invoice-exceptions").json() == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": {**TITLE, "number": "91330106MA0000000X"}}, "invoicing.title_invalid"),
    ({"title": TITLE, "lines": {"999": 1}}, "kernel.no_such"),
    ({"title": TITLE, "lines": {"freight": 1}}, "kernel.no_such"),
    ({"title": TITLE, "colour": "blue"}, "kernel.invalid"),
]


@pytest.mark.parametrize(("body", "code"), WRONG)
def test_what_makes_no_sense_is_refused(
    api: Api, sold: orders.Order, body: dict[str, Any], code: str
) -> None:
    answer = api.post(f"/orders/{sold.id}/invoices", {"key": "a", **body})

    assert answer.json()["code"] == code
