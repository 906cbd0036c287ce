"""Presales over HTTP: an offer, a buyer, a deposit, a link; and what other places may not see."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.presales.tests.factories import make_shop
from santong.stores.tests.factories import make_location

PERMISSIONS = ["presales.view", "presales.sell", "presales.edit"]
RECIPIENT = {
    "name": "王小明",
    "phone": "13800138000",
    "province": "浙江省",
    "city": "杭州市",
    "address": "文三路 1 号",
}

_keys = itertools.count(1)


class Program:
    """A program of the merchant's, or of one of its places."""

    def __init__(self, merchant_id: int, *, location_id: int | None = None) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            token = make_token(merchant_id, permissions=PERMISSIONS, location_id=location_id)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={"Idempotency-Key": key or f"presales-{next(_keys)}"},
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")


def terms(**given: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "name": "大衣预售",
        "currency": "CNY",
        "lines": [
            {
                "sku_code": "COAT-RED-M",
                "price_minor": 100_000,
                "deposit_minor": 10_000,
                "worth_minor": 20_000,
            }
        ],
        "limit_units": 3,
        "most_per_buyer": 2,
        "deposit_from": (now - timedelta(hours=1)).isoformat(),
        "deposit_until": (now + timedelta(days=1)).isoformat(),
        "balance_from": (now + timedelta(days=2)).isoformat(),
        "balance_until": (now + timedelta(days=3)).isoformat(),
        "forfeit": "all",
        "stock": "in_stock",
        **given,
    }


@pytest.fixture
def office(merchant: int) -> Program:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
    return Program(merchant)


def drafted(office: Program, **given: Any) -> dict[str, Any]:
    body = {"code": "coats", "storefront_code": "flagship", "terms": terms(**given)}
    answer = office.post("presale-offers", body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def live(office: Program, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = office.post(
        f"presale-offers/{drafted(office, **given)['id']}/publish"
    ).json()
    return found


def joined(program: Program, offer: dict[str, Any], **given: Any) -> Any:
    body = {"lines": [{"sku_code": "COAT-RED-M", "quantity": 1}], "recipient": RECIPIENT, **given}
    return program.post(f"presale-offers/{offer['id']}/presales", body)


def test_an_offer_is_drafted_published_revised_and_ended(office: Program) -> None:
    offer = drafted(office)
    published = office.post(f"presale-offers/{offer['id']}/publish").json()
    revised = office.post(
        f"presale-offers/{offer['id']}/versions", {"version": 1, "terms": terms(limit_units=9)}
    )
    stale = office.post(f"presale-offers/{offer['id']}/versions", {"version": 1, "terms": terms()})
    ended = office.post(f"presale-offers/{offer['id']}/end", {"reason": "enough"}).json()

    assert (offer["state"], published["state"], ended["state"]) == ("draft", "live", "ended")
    assert (revised.status_code, revised.json()["version"]) == (201, 2)
    assert (stale.status_code, stale.json()["code"]) == (412, "kernel.version_moved")
    assert [each["code"] for each in office.get("presale-offers?state=ended").json()["items"]] == [
        "coats"
    ]


def test_every_wrong_field_is_named(office: Program) -> None:
    lines = [dict(terms()["lines"][0], deposit_minor=50_000, worth_minor=50_000)]
    body = {"code": "x", "storefront_code": "flagship", "terms": terms(lines=lines)}

    answer = office.post("presale-offers", body)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/lines/0/deposit_minor", "reason": "more_than_a_fifth"}
    ]


def test_a_buyer_joins_and_is_given_a_link(office: Program) -> None:
    offer = live(office)

    answer = joined(office, offer)

    presale = answer.json()
    assert answer.status_code == 201, presale
    assert (presale["state"], presale["deposit_minor"], presale["balance_minor"]) == (
        "asked",
        10_000,
        80_000,
    )
    assert "/b/" in presale["link"]
    shown = office.get(f"presale-offers/{offer['id']}").json()
    assert (shown["taken_units"], shown["figures"]["presales_by_state"]["asked"]) == (1, 1)
    assert office.get(f"presales/{presale['id']}").json()["compensation"] is None
    assert RECIPIENT["phone"] not in answer.content.decode()


def test_the_same_command_again_gives_the_first_answer(office: Program) -> None:
    offer = live(office)
    body = {"lines": [{"sku_code": "COAT-RED-M", "quantity": 1}], "recipient": RECIPIENT}

    first, again = (
        office.post(f"presale-offers/{offer['id']}/presales", body, key="same") for _ in range(2)
    )

    assert first.json() == again.json()
    assert office.get(f"presale-offers/{offer['id']}").json()["taken_units"] == 1


def test_what_is_refused_says_why(office: Program) -> None:
    offer = live(office)
    many = joined(office, offer, lines=[{"sku_code": "COAT-RED-M", "quantity": 3}])
    other = joined(office, offer, lines=[{"sku_code": "HAT", "quantity": 1}])
    twice = joined(office, offer, lines=[{"sku_code": "COAT-RED-M", "quantity": 1}] * 2)
    presale = joined(office, offer).json()
    early = office.post(
        f"presales/{presale['id']}/payment-requests", {"part": "balance", "account_code": "wallet"}
    )

    assert (many.status_code, many.json()["code"]) == (429, "presales.too_many_units")
    assert (other.status_code, twice.status_code) == (422, 422)
    assert (early.status_code, early.json()["code"]) == (409, "presales.presale_passed")


def test_a_deposit_is_asked_for_another_way_and_let_go(office: Program) -> None:
    presale = joined(office, live(office)).json()
    path = f"presales/{presale['id']}"
    ask = {"part": "deposit", "account_code": "wallet"}

    first = office.post(f"{path}/payment-requests", ask).json()
    again = office.post(f"{path}/payment-requests", ask).json()
    ended = office.post(f"{path}/cancel", {"reason": "changed my mind"}).json()

    assert first["intent_id"] == again["intent_id"]
    assert first["amount_minor"] == 10_000
    assert (ended["state"], ended["kept_minor"]) == ("cancelled", 0)
    assert len(office.get(f"{path}/payment-requests").json()["items"]) == 1


def test_who_cannot_deliver_says_so(office: Program) -> None:
    presale = joined(office, live(office)).json()

    failed = office.post(f"presales/{presale['id']}/fail", {"reason": "no cloth"}).json()
    nothing = office.post(f"presales/{presale['id']}/compensation", {"reference": "B1"})

    assert failed["state"] == "failed"
    assert nothing.json()["code"] == "presales.compensation_paid"


def test_a_renewed_link_is_another_one(office: Program) -> None:
    presale = joined(office, live(office)).json()

    renewed = office.post(f"presales/{presale['id']}/link").json()

    assert renewed["link"] != presale["link"]
    path = presale["link"].partition("/b/")[2]
    assert Client().get(f"/b/{path}").status_code == 404
    assert Client().get(f"/b/{renewed['link'].partition('/b/')[2]}").status_code == 200


def test_a_place_sells_there_and_sees_nothing_else(merchant: int, office: Program) -> None:
    offer = live(office)
    elsewhere = joined(office, offer).json()
    with tenancy.scope(merchant_id=merchant):
        place = make_location(merchant_id=merchant, code="SH1")
    store = Program(merchant, location_id=place.id)

    nowhere = joined(store, offer)
    here = joined(
        store,
        offer,
        seller_location_code="SH1",
        recipient={**RECIPIENT, "phone": "13900139000"},
    )
    change = store.post(f"presale-offers/{offer['id']}/end", {"reason": "no"})

    assert nowhere.status_code == 403
    assert here.status_code == 201, here.content
    listed = store.get("presales").json()["items"]
    assert [each["id"] for each in listed] == [here.json()["id"]]
    assert store.get(f"presales/{elsewhere['id']}").status_code == 404
    assert change.status_code == 403
