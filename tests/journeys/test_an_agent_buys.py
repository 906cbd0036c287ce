"""A buying agent finds a coat, has it put together, and its buyer pays on the shop's page."""

from __future__ import annotations

import json
from datetime import timedelta

from django.test import Client, override_settings

from santong.agents.tests.shopping import Agent, platform, profile_of, sent_to
from santong.kernel import cells, tenancy
from santong.payments import public as payments
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.http import Caller, caller
from tests.journeys.shop import open_shop
from tests.journeys.workers import later, let_providers_work

OPENED = {
    "is_open": True,
    "freight_minor": 0,
    "terms_url": "https://shop.example/terms",
    "privacy_url": "https://shop.example/privacy",
}
ACCOUNT = {
    "code": "wallet",
    "provider": "simulated",
    "method": "wechat_pay",
    "name": "微信支付（模拟）",
    "currency": "CNY",
    "settings": {"pace_permille": "0"},
    "secrets": {"secret": "a secret of nobody"},
}


def test_an_agent_buys_the_last_coat_and_its_buyer_pays(merchant: int) -> None:
    open_shop(merchant, near=1)
    office = caller(merchant)
    office.post("/payments/accounts", ACCOUNT, expect=201)
    base = f"/ucp/{cells.code_of(merchant)}/flagship"
    assert Client().get(f"{base}/.well-known/ucp").status_code == 404
    _open_to_agents(office)

    with (
        platform({"/agent": profile_of()}) as url,
        override_settings(SANTONG_OUTBOUND_NETWORKS=["127.0.0.0/8"]),
    ):
        agent = Agent(base, f"{url}/agent")
        _, found = agent.post("/catalog/search", {"query": "大衣"})
        item = found["products"][0]["variants"][0]["id"]
        wanted = {"line_items": [{"item": {"id": item}, "quantity": 1}]}
        _, session = agent.post("/checkout-sessions", {**wanted, "fulfillment": sent_to()})
        path = f"/checkout-sessions/{session['id']}"
        _, waiting = agent.post(f"{path}/complete")
        _, late = agent.post("/checkout-sessions", {**wanted, "fulfillment": sent_to()})

        (order,) = office.get("/orders")["items"]
        _buyer_pays(merchant, waiting["continue_url"], order["id"])
        _, done = agent.get(path)

    order = office.get(f"/orders/{done['order']['id']}")
    assert session["status"] == "ready_for_complete"
    assert waiting["status"] == "requires_escalation"
    assert late["ucp"]["status"] == "error"
    assert done["status"] == "completed"
    assert order["state"] == "paid"
    assert order["paid"]["amount_minor"] == done["totals"][-1]["amount"]


def _open_to_agents(office: Caller) -> None:
    answer = Client().put(
        "/api/v1/agent-shops/flagship",
        json.dumps(OPENED),
        content_type="application/json",
        headers={"Authorization": f"Bearer {office.secret}"},
    )
    assert answer.status_code == 200, answer.content


def _buyer_pays(merchant: int, page: str, order_id: str) -> None:
    """On our page they choose a wallet; on the provider's they pay."""
    answer = Client().post(f"{page}pay/", {"account": "wallet", "key": "k"})
    assert answer.status_code == 302
    let_providers_work(merchant)
    assert "/pay/simulated/" in Client().get(page).content.decode()
    with tenancy.scope(merchant_id=merchant):
        (intent,) = payments.intents_of(merchant_id=merchant, document=f"order:{order_id}")
        act_as_buyer(
            merchant_id=merchant,
            reference=intent.tenders[0].reference,
            action="pay",
            now=later(timedelta()),
        )
    let_providers_work(merchant, ahead=timedelta(minutes=2))
