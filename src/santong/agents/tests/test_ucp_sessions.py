"""A checkout session's keys, its owner and its end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from django.test import Client

from santong.agents import contracts
from santong.agents.models import CheckoutSession
from santong.agents.selectors.persons import export_person
from santong.agents.services.forget_person import forget_person
from santong.agents.services.tidy_sessions import end_due, erase_old
from santong.agents.tests.shopping import Agent, Shop, begun, only_order, sent_to, sound, wanted
from santong.customers import public as customers
from santong.kernel import tenancy


def test_the_same_key_is_the_same_call(shop: Shop, agent: Agent) -> None:
    body = wanted(shop)

    first = agent.post("/checkout-sessions", body, key="one")
    again = agent.post("/checkout-sessions", body, key="one")
    other = agent.post("/checkout-sessions", wanted(shop, quantity=2), key="one")
    nameless = Client().post(
        f"{shop.base}/checkout-sessions",
        json.dumps(body),
        content_type="application/json",
        headers={"UCP-Agent": f'profile="{agent.profile}"'},
    )

    assert first == again
    assert (other[0], other[1]["code"]) == (409, "idempotency_key_reused")
    assert nameless.status_code == 400


def test_a_session_is_its_platforms_and_can_be_given_up(
    shop: Shop, agent: Agent, platforms: str
) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    path = f"/checkout-sessions/{session['id']}"
    stranger = Agent(shop.base, f"{platforms}/plain")
    agent.post(f"{path}/complete")

    assert stranger.get(path)[0] == 404
    assert stranger.post(f"{path}/cancel")[0] == 404
    status, ended = agent.post(f"{path}/cancel")

    assert (status, ended["status"]) == (200, "canceled")
    assert only_order(shop).state == "cancelled"
    assert agent.put(path, wanted(shop))[0] == 409
    assert agent.post(f"{path}/cancel")[0] == 409
    assert agent.get("/checkout-sessions/nobody")[0] == 404


def test_a_session_ends_by_itself_and_is_forgotten(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    later = datetime.now(UTC) + contracts.LASTS + timedelta(minutes=1)

    with tenancy.scope(merchant_id=shop.merchant_id):
        end_due(merchant_id=shop.merchant_id, now=later)
        row = CheckoutSession.objects.get(merchant_id=shop.merchant_id)
        sealed = bytes(row.asked_sealed)
    assert row.state == "canceled"
    assert "文三路".encode() not in sealed
    assert agent.get(f"/checkout-sessions/{session['id']}")[1]["status"] == "canceled"

    with tenancy.scope(merchant_id=shop.merchant_id):
        erase_old(merchant_id=shop.merchant_id, now=later + timedelta(days=31))
    assert agent.get(f"/checkout-sessions/{session['id']}")[0] == 404
    assert sound(shop)


def test_whoever_is_forgotten_stands_in_no_session(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    other = begun(agent, shop, fulfillment=sent_to(phone_number="13700001111"))
    phone = customers.Identifier(kind="phone", value="+8619900001111")
    person = customers.PersonRecord(person_ids=(1,), identifiers=(phone,))
    now = datetime.now(UTC)

    with tenancy.scope(merchant_id=shop.merchant_id):
        told = export_person(merchant_id=shop.merchant_id, person=person)
        forget_person(merchant_id=shop.merchant_id, person=person, now=now)
        after = export_person(merchant_id=shop.merchant_id, person=person)

    assert "文三路 90 号" in str(told)
    assert after == {"checkout_sessions": []}
    assert agent.get(f"/checkout-sessions/{session['id']}")[0] == 404
    assert agent.get(f"/checkout-sessions/{other['id']}")[0] == 200
    assert sound(shop)
