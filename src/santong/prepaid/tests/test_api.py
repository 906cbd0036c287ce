"""Cards over HTTP: a programme is opened, a card sold, filled, asked about and closed."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_brand, make_token
from santong.prepaid.selectors.cards import top_up_by_id
from santong.prepaid.tests.factories import pay

PERMISSIONS = ["prepaid.view", "prepaid.sell", "prepaid.edit"]
PROGRAMME = {
    "code": "spring",
    "name": "春晓储值卡",
    "kind": "prepaid",
    "currency": "CNY",
    "party": "head_office",
    "issuer_kind": "brand",
}
TERMS = {
    "profile_code": "mainland_china",
    "offers": [{"code": "500-50", "pay_minor": 50_000, "bonus_minor": 5_000, "bonus_days": 90}],
    "bearer_days": 1_096,
    "reason": "opening",
}
SALE = {"key": "till-1/1", "card_programme_code": "spring", "amount_minor": 50_000}

_keys = itertools.count(1)


class Till:
    """A program that sells cards."""

    def __init__(self, merchant_id: int) -> None:
        self.merchant_id = merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            token = make_token(merchant_id, permissions=PERMISSIONS)
            self.brand_id = str(make_brand(merchant_id).id)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": f"prepaid-{self.merchant_id}-{next(_keys)}"},
        )

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query).json()

    def paid(self, sold: dict[str, Any]) -> Any:
        """The money for a card comes in, and is put on it."""
        top_up_id = int(sold["top_up"]["id"])
        with tenancy.scope(merchant_id=self.merchant_id):
            found = top_up_by_id(merchant_id=self.merchant_id, top_up_id=top_up_id)
            pay(merchant_id=self.merchant_id, top_up=found)
        return self.post(f"prepaid-top-ups/{top_up_id}/land").json()


@pytest.fixture
def till(merchant: int) -> Till:
    """A till of a brand with something on sale."""
    found = Till(merchant)
    assert found.post("card-programmes", brand_id=found.brand_id, **PROGRAMME).status_code == 201
    assert found.post("card-programmes/spring/terms", **TERMS).status_code == 201
    return found


def test_a_card_is_sold_filled_and_asked_about(till: Till) -> None:
    sold = till.post("prepaid-cards", offer_code="500-50", **SALE)
    card = sold.json()

    landed = till.paid(card)
    checked = till.post("prepaid-card-checks", token=f"{card['number']}:{card['secret']}").json()
    statement = till.get(f"prepaid-cards/{card['card']['id']}/statement")["items"]

    assert sold.headers["Cache-Control"] == "no-store"
    assert (landed["state"], landed["document"]) == ("landed", f"topup:{landed['id']}")
    assert checked["is_right"]
    assert (checked["balance"]["principal_minor"], checked["balance"]["bonus_minor"]) == (
        50_000,
        5_000,
    )
    assert [(line["kind"], line["principal_minor"], line["bonus_minor"]) for line in statement] == [
        ("top_up", 50_000, 5_000)
    ]


def test_money_that_has_not_come_in_is_on_no_card(till: Till) -> None:
    sold = till.post("prepaid-cards", **SALE).json()

    refused = till.post(f"prepaid-top-ups/{sold['top_up']['id']}/land")

    assert (refused.status_code, refused.json()["code"]) == (409, "prepaid.not_paid")


def test_a_wrong_secret_is_an_answer_and_stays_counted(till: Till) -> None:
    sold = till.post("prepaid-cards", **SALE).json()

    answers = [
        till.post("prepaid-card-checks", token=f"{sold['number']}:WRONG").json() for _ in range(6)
    ]

    assert [each["is_right"] for each in answers] == [False] * 6
    assert [each["wait_seconds"] > 0 for each in answers] == [False] * 5 + [True]


def test_all_that_stands_against_a_purchase_is_said_at_once(till: Till) -> None:
    asked = {
        "card_programme_code": "spring",
        "amounts_minor": [600_000, 600_000],
        "buyer": {"kind": "company", "is_cash": True},
    }

    found = till.post("card-purchase-checks", **asked).json()

    assert not found["is_allowed"]
    assert found["refusals"] == [
        {"rule": "bearer_card_most", "limit": 100_000, "asked": 600_000},
        {"rule": "buyer_shows_identity_from", "limit": 1_000_000, "asked": 1_200_000},
        {"rule": "company_pays_cash_below", "limit": 500_000, "asked": 1_200_000},
    ]


def test_a_sale_against_the_profile_is_refused_with_its_rules(till: Till) -> None:
    refused = till.post("prepaid-cards", **{**SALE, "amount_minor": 100_001})

    assert refused.status_code == 409
    assert refused.json()["refusals"] == [
        {"rule": "bearer_card_most", "limit": 100_000, "asked": 100_001}
    ]


def test_a_card_is_frozen_thawed_topped_up_and_closed(till: Till) -> None:
    sold = till.post("prepaid-cards", **SALE).json()
    till.paid(sold)
    card = f"prepaid-cards/{sold['card']['id']}"

    states = [
        till.post(f"{card}/{verb}", reason="asked").json()["state"]
        for verb in ("freeze", "freeze", "unfreeze", "activate", "extend")
    ]
    more = till.post(f"{card}/top-ups", key="more", amount_minor=100)
    closed = till.post(f"{card}/close", reason="asked").json()

    assert states == ["frozen", "frozen", "active", "active", "active"]
    assert more.status_code == 201
    assert closed["paid_back"] == [{"document": sold["top_up"]["document"], "amount_minor": 50_000}]
    assert till.get(card)["state"] == "closed"


def test_terms_are_kept_in_versions(till: Till) -> None:
    till.post("card-programmes/spring/terms", **{**TERMS, "spends": "bonus_first"})

    found = till.get("card-programmes/spring/terms")["items"]

    assert [(each["version"], each["spends"]) for each in found] == [
        (2, "bonus_first"),
        (1, "proportional"),
    ]


def test_cards_are_found_by_the_end_of_their_number(till: Till) -> None:
    sold = till.post("prepaid-cards", **SALE).json()

    found = till.get("prepaid-cards", tail=sold["number"][-4:])["items"]

    assert [each["id"] for each in found] == [sold["card"]["id"]]
    assert sold["number"] not in json.dumps(found)


def test_the_float_is_what_cards_have_and_a_part_of_it_is_deposited(till: Till) -> None:
    sold = till.post("prepaid-cards", offer_code="500-50", **SALE).json()
    till.paid(sold)

    found = till.get(
        "card-programmes/spring/float", since="2026-01-01T00:00:00Z", until="2100-01-01T00:00:00Z"
    )

    assert (found["sold_minor"], found["principal_minor"]) == (50_000, 50_000)
    assert (found["reserve_percent"], found["reserve_minor"]) == (40, 20_000)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"),
    ],
)
def test_a_time_that_is_none_is_refused(till: Till, since: str, until: str) -> None:
    answer = till.client.get(
        "/api/v1/card-programmes/spring/float", {"since": since, "until": until}
    )

    assert answer.status_code == 422
