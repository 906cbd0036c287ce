"""A buyer pays for an order by wallet, sends it back unsent, and has the money again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop, order_document
from tests.journeys.workers import let_providers_work


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5)


@pytest.fixture
def office(merchant: int, shop: Shop) -> Caller:
    return caller(merchant)


@pytest.fixture
def account(office: Caller) -> str:
    opened = office.post(
        "/payments/accounts",
        {
            "code": "wallet",
            "provider": "simulated",
            "method": "wechat_pay",
            "name": "微信支付（模拟）",
            "currency": "CNY",
            "settings": {"pace_permille": "0"},
            "secrets": {"secret": "a secret of nobody"},
        },
        expect=201,
    )
    assert "secrets" not in opened
    return str(opened["code"])


def now() -> datetime:
    return datetime.now(UTC)


def unpaid_order(office: Caller) -> dict[str, Any]:
    document = order_document(quantity=2, is_paid=False)
    placed: dict[str, Any] = office.post("/orders", document, expect=201)["order"]
    assert placed["state"] == "placed"
    return placed


def ask(office: Caller, order: dict[str, Any], account: str, **more: Any) -> dict[str, Any]:
    amount = order["total"]["amount_minor"]
    tender = {"account_code": account, "amount_minor": amount, "instalments": 3}
    body = {"tenders": [tender], **more}
    asked: dict[str, Any] = office.post(f"/orders/{order['id']}/payment-requests", body, expect=201)
    return asked


def pay(merchant: int, office: Caller, intent_id: str, action: Any = "pay") -> None:
    intent = office.get(f"/payments/intents/{intent_id}")
    with tenancy.scope(merchant_id=merchant):
        act_as_buyer(
            merchant_id=merchant,
            reference=intent["tenders"][0]["reference"],
            action=action,
            now=now(),
        )


def test_is_asked_pays_and_gets_it_back(
    merchant: int, office: Caller, account: str, shop: Shop
) -> None:
    order = unpaid_order(office)
    asked = ask(office, order, account)
    let_providers_work(merchant)
    (shown,) = office.get(f"/orders/{order['id']}/payment-requests")["items"]

    pay(merchant, office, asked["intent_id"])
    let_providers_work(merchant)
    paid = office.get(f"/orders/{order['id']}")
    office.post(f"/orders/{order['id']}/cancel", {"reason": "changed my mind"})
    tell_all()
    let_providers_work(merchant)

    total = order["total"]["amount_minor"]
    assert "/pay/simulated/" in shown["shown"][0]
    assert paid["state"] == "paid"
    intent = office.get(f"/payments/intents/{asked['intent_id']}")
    assert (intent["state"], intent["received_minor"]) == ("paid", total)
    assert [tender["instalments"] for tender in intent["tenders"]] == [3]
    assert intent["refunded_minor"] == total
    (refund,) = office.get("/payments/refunds")["items"]
    assert (refund["state"], refund["amount_minor"]) == ("done", total)
    assert [part["account_code"] for part in refund["parts"]] == ["wallet"]
    statement = office.get(
        f"/ledger/entries?asset=money:CNY&account=document&owner=order:{order['id']}"
    )
    assert [each["amount"] for each in statement["items"]] == [-total, total]


def test_pays_after_the_order_was_given_up_and_gets_it_back(
    merchant: int, office: Caller, account: str
) -> None:
    order = unpaid_order(office)
    asked = ask(office, order, account)
    let_providers_work(merchant)
    pay(merchant, office, asked["intent_id"], "pay_and_lose_the_notice")
    office.post(f"/orders/{order['id']}/cancel", {"reason": "out of patience"})

    tell_all()
    let_providers_work(merchant)
    let_providers_work(merchant)

    intent = office.get(f"/payments/intents/{asked['intent_id']}")
    assert intent["state"] == "cancelled"
    assert intent["received_minor"] == intent["refunded_minor"] == order["total"]["amount_minor"]


def test_money_of_a_channel_waits_for_the_channel_to_give_it_back(
    merchant: int, office: Caller
) -> None:
    placed = office.post("/orders", order_document(quantity=1), expect=201)["order"]
    tell_all()

    office.post(f"/orders/{placed['id']}/cancel", {"reason": "sold out"})
    tell_all()
    (refund,) = office.get("/payments/refunds")["items"]
    part = refund["parts"][0]
    done = office.post(
        f"/payments/refund-parts/{part['id']}/confirm", {"went": True, "their_reference": "TB-9"}
    )

    assert (refund["state"], part["state"], part["method"]) == ("working", "sent", "external")
    assert (done["state"], done["done_minor"]) == ("done", placed["total"]["amount_minor"])


def test_a_store_asks_for_its_own_orders_only(
    merchant: int, office: Caller, account: str, shop: Shop
) -> None:
    order = unpaid_order(office)
    elsewhere = caller(merchant, role="clerk", location_id=shop.far)

    refused = elsewhere.post(f"/orders/{order['id']}/payment-requests", {"tenders": []}, expect=404)
    everywhere = elsewhere.post(
        "/payments/intents",
        {"document": "deposit:1", "currency": "CNY", "amount_minor": 1, "subject": "x"},
        expect=403,
    )

    assert refused["code"] == "kernel.no_such"
    assert everywhere["code"] == "kernel.permission_missing"


def test_nobody_is_asked_twice_or_for_more_than_is_open(office: Caller, account: str) -> None:
    order = unpaid_order(office)
    total = order["total"]["amount_minor"]
    more = office.post(
        f"/orders/{order['id']}/payment-requests", {"amount_minor": total + 1}, expect=422
    )

    ask(office, order, account)
    again = office.post(f"/orders/{order['id']}/payment-requests", {"tenders": []}, expect=409)

    assert more["code"] == "kernel.field_invalid"
    assert again["code"] == "payments.already_asked"
