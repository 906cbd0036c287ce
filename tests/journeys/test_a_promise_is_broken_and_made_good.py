"""A delivery is promised, accepted by the buyer, missed; its compensation comes by itself, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.kernel.jobs import scheduled
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.payments.providers.errands import run_errands
from santong.payments.providers.simulated_post import let_time_pass
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop, order_document

CHINA = ZoneInfo("Asia/Shanghai")
COMPENSATION = 1_500
ACCOUNT = {
    "code": "wallet",
    "provider": "simulated",
    "method": "wechat_pay",
    "name": "微信支付（模拟）",
    "currency": "CNY",
    "settings": {"pace_permille": "0"},
    "secrets": {"secret": "a secret of nobody"},
}


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5)


@pytest.fixture
def office(merchant: int, shop: Shop) -> Caller:
    return caller(merchant)


def later(ahead: timedelta) -> datetime:
    return datetime.now(UTC) + ahead


def let_time_go_by(merchant: int, ahead: timedelta) -> None:
    """What jobs, providers and the relay do by then, twice: what is done is not done again."""
    for _ in range(2):
        for name in ("clocks.look_at_due", "agreements.settle_due", "agreements.fulfil"):
            with tenancy.scope(merchant_id=merchant):
                scheduled()[name].run(merchant_id=merchant, now=later(ahead))
        tell_all()
        for round_ in range(1, 4):
            clock = partial(later, ahead + timedelta(seconds=60 * round_))
            run_errands(merchant_id=merchant, clock=clock)
            let_time_pass(merchant_id=merchant, clock=clock)
        tell_all()


def paid_order(merchant: int, office: Caller) -> dict[str, Any]:
    office.post("/payments/accounts", ACCOUNT, expect=201)
    document = order_document(quantity=2, is_paid=False)
    order: dict[str, Any] = office.post("/orders", document, expect=201)["order"]
    amount = order["total"]["amount_minor"]
    asked = office.post(
        f"/orders/{order['id']}/payment-requests",
        {"tenders": [{"account_code": "wallet", "amount_minor": amount}]},
        expect=201,
    )
    let_time_go_by(merchant, timedelta())
    intent = office.get(f"/payments/intents/{asked['intent_id']}")
    with tenancy.scope(merchant_id=merchant):
        act_as_buyer(
            merchant_id=merchant,
            reference=intent["tenders"][0]["reference"],
            action="pay",
            now=later(timedelta()),
        )
    let_time_go_by(merchant, timedelta(minutes=5))
    paid: dict[str, Any] = office.get(f"/orders/{order['id']}")
    assert paid["state"] == "paid"
    return paid


def offered(office: Caller, order: dict[str, Any]) -> dict[str, Any]:
    today = datetime.now(CHINA).date()
    term = {
        "kind": "delivery_window",
        "params": {
            "start": today.isoformat(),
            "end": (today + timedelta(days=2)).isoformat(),
        },
        "remedy": "compensate",
        "amount": {"basis": "fixed", "value": 500, "per": "day"},
        "cap_minor": COMPENSATION,
        "bearer": "provider",
        "bearer_code": "anju",
    }
    made: dict[str, Any] = office.post(
        "/agreements", {"document": f"order:{order['id']}", "terms": [term]}, expect=201
    )
    return made


def console_of(merchant: int) -> Client:
    """The head office's browser."""
    with tenancy.scope(merchant_id=merchant):
        staff = make_staff(merchant)
        code = merchants.merchant(merchant_id=merchant).code
    browser = Client()
    browser.post(
        "/log-in/", {"merchant": code, "login": staff.login, "password": PASSWORD, "next": ""}
    )
    return browser


def test_a_missed_window_is_compensated_by_itself_and_once(merchant: int, office: Caller) -> None:
    order = paid_order(merchant, office)
    made = offered(office, order)
    buyer, page = Client(), made["path"]
    assert "每逾期一天赔付" in buyer.get(page).content.decode()

    accepted = buyer.post(page, {"agreed": "1", "name": "王小明"})
    let_time_go_by(merchant, timedelta(hours=1))
    in_time = buyer.get(page).content.decode()
    let_time_go_by(merchant, timedelta(days=4))
    growing = buyer.get(page).content.decode()
    let_time_go_by(merchant, timedelta(days=8))
    let_time_go_by(merchant, timedelta(days=20))

    assert accepted.status_code == 302
    assert "没有任何改动" in in_time
    assert "已逾期，赔付累计中" in growing
    (breach,) = office.get("/breaches")["items"]
    assert (breach["state"], breach["amount_minor"], breach["done_minor"]) == (
        "done",
        COMPENSATION,
        COMPENSATION,
    )
    (refund,) = office.get("/payments/refunds")["items"]
    assert (refund["document"], refund["done_minor"]) == (f"order:{order['id']}", COMPENSATION)
    after = buyer.get(page).content.decode()
    assert "已原路退回 ¥15.00" in after
    shown = console_of(merchant).get(f"/console/orders/{order['id']}/").content.decode()
    assert "已补救" in shown
    assert "¥15.00" in shown
    checked = office.get(f"/agreements/{made['id']}/verification")
    assert checked["is_unchanged"]
    assert office.get(f"/agreements/{made['id']}")["state"] == "breached"
    (fitter,) = office.get("/parties?kind=installer")["items"]
    (borne,) = office.get(f"/parties/{fitter['id']}/entries")["items"]
    assert (fitter["code"], borne["kind"]) == ("installer:anju", "borne")
    assert borne["amount_minor"] == -COMPENSATION
