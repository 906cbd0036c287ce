"""A buyer pays a deposit that grows, then the balance, and has the goods; another never pays it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.orders.models import Order
from santong.payments.services.act_as_buyer import act_as_buyer
from santong.presales.models import Presale
from santong.presales.services.open_balances import open_balances
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import Shop, open_shop
from tests.journeys.test_ship_from_store import send
from tests.journeys.workers import let_providers_work

RECIPIENT: dict[str, str] = {
    "name": "钱小满",
    "phone": "19900001111",
    "province": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "address": "测试路 1 号",
}
LINE: dict[str, Any] = {"sku_code": "COAT", "quantity": 1}
DEPOSIT, BALANCE = 5_000, 39_000


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=1)


@pytest.fixture
def office(merchant: int, shop: Shop) -> Caller:
    office = caller(merchant)
    office.post(
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
    return office


def let_days_pass(merchant: int, days: float) -> None:
    """Every instant that the presale and its order wait for lies so much earlier."""
    ago = timedelta(days=days)
    with tenancy.scope(merchant_id=merchant):
        for row in Presale.objects.of_merchant(merchant):
            for name in ("deposit_by", "balance_from", "balance_until", "closes_at"):
                setattr(row, name, getattr(row, name) - ago)
            row.save()
        for order in Order.objects.of_merchant(merchant).filter(state="placed"):
            assert order.give_up_at is not None
            order.give_up_at -= ago
            order.save()


def live_offer(office: Caller) -> dict[str, Any]:
    now = datetime.now(UTC)
    terms = {
        "name": "双十一大衣预售",
        "lines": [
            {
                "sku_code": "COAT",
                "price_minor": 49_000,
                "deposit_minor": DEPOSIT,
                "worth_minor": 10_000,
            }
        ],
        "limit_units": 1,
        "most_per_buyer": 1,
        "deposit_from": (now - timedelta(hours=1)).isoformat(),
        "deposit_until": (now + timedelta(days=1)).isoformat(),
        "balance_from": (now + timedelta(days=2)).isoformat(),
        "balance_until": (now + timedelta(days=3)).isoformat(),
        "forfeit": "all",
        "stock": "in_stock",
    }
    body = {"code": "coats", "storefront_code": "flagship", "terms": terms}
    drafted = office.post("/presale-offers", body, expect=201)
    published: dict[str, Any] = office.post(f"/presale-offers/{drafted['id']}/publish")
    return published


def join(office: Caller, offer: dict[str, Any]) -> dict[str, Any]:
    body = {"lines": [LINE], "recipient": RECIPIENT}
    joined: dict[str, Any] = office.post(
        f"/presale-offers/{offer['id']}/presales", body, expect=201
    )
    return joined


def pay(merchant: int, office: Caller, presale: dict[str, Any], *, expect: int) -> None:
    """The buyer taps on the page of the link, and pays at the provider's."""
    path = "/b/" + presale["link"].partition("/b/")[2]
    key = f"{presale['id']}-{expect}"
    tapped = Client().post(f"{path}pay/", {"account": "wallet", "key": key})
    assert tapped.status_code == 302
    let_providers_work(merchant)
    assert "/pay/simulated/" in Client().get(path).content.decode()
    asked = office.get(f"/presales/{presale['id']}/payment-requests")["items"][-1]
    assert asked["amount_minor"] == expect
    intent = office.get(f"/payments/intents/{asked['intent_id']}")
    with tenancy.scope(merchant_id=merchant):
        act_as_buyer(
            merchant_id=merchant,
            reference=intent["tenders"][0]["reference"],
            action="pay",
            now=datetime.now(UTC),
        )
    let_providers_work(merchant)


def stands(office: Caller, presale: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = office.get(f"/presales/{presale['id']}")
    return found


def test_deposit_balance_goods(merchant: int, office: Caller, shop: Shop) -> None:
    offer = live_offer(office)
    presale = join(office, offer)
    sold_out = office.post(
        f"/presale-offers/{offer['id']}/presales",
        {"lines": [LINE], "recipient": RECIPIENT | {"phone": "19900002222"}},
        expect=409,
    )

    pay(merchant, office, presale, expect=DEPOSIT)
    with_deposit = stands(office, presale)
    let_days_pass(merchant, 2)
    with tenancy.scope(merchant_id=merchant):
        reminded = open_balances(merchant_id=merchant, now=datetime.now(UTC))
    pay(merchant, office, presale, expect=BALANCE)

    paid = stands(office, presale)
    order = office.get(f"/orders/{presale['order_id']}")
    assert sold_out["code"] == "presales.sold_out"
    assert (with_deposit["state"], paid["state"]) == ("deposit_paid", "paid")
    assert reminded == 1
    assert order["state"] == "paid"
    assert order["total"]["amount_minor"] == DEPOSIT + BALANCE
    (work,) = office.get("/fulfilment-orders?state=offered")["items"]
    assert work["order_id"] == presale["order_id"]
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    send(clerk, work, "SIM-PS")
    assert office.get(f"/orders/{presale['order_id']}")["state"] == "shipped"
    sale = office.get(f"/orders/{presale['order_id']}/shares")
    assert sale["paid_minor"] == DEPOSIT + BALANCE


def test_a_balance_that_never_comes(merchant: int, office: Caller, shop: Shop) -> None:
    offer = live_offer(office)
    presale = join(office, offer)
    pay(merchant, office, presale, expect=DEPOSIT)

    let_days_pass(merchant, 3.1)
    with tenancy.scope(merchant_id=merchant):
        orders.expire_unpaid(merchant_id=merchant, now=datetime.now(UTC))
    tell_all()
    let_providers_work(merchant)

    ended = stands(office, presale)
    shown = office.get(f"/presale-offers/{offer['id']}")
    page = Client(headers={"Accept-Language": "en"}).get(
        "/b/" + presale["link"].partition("/b/")[2]
    )
    assert (ended["state"], ended["kept_minor"]) == ("forfeited", DEPOSIT)
    assert (shown["taken_units"], shown["figures"]["kept_minor"]) == (0, DEPOSIT)
    assert "The balance did not come in time." in page.content.decode()
    assert office.get("/payments/refunds")["items"] == []
    assert office.get(f"/orders/{presale['order_id']}/shares")["paid_minor"] == DEPOSIT
    with tenancy.scope(merchant_id=merchant):
        (atp,) = inventory.atp_by_sku(
            merchant_id=merchant,
            sku_ids=[each.sku_id for each in inventory.levels_of(merchant_id=merchant)],
        ).values()
        assert atp == 1
