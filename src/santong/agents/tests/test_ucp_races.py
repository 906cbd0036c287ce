"""Checkout sessions that several want something of at once, and callers who ask for too much."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from santong.agents.models import CheckoutSession
from santong.agents.services.ask_payment import ask_payment
from santong.agents.services.set_shop import set_shop
from santong.agents.tests.shopping import (
    Agent,
    Shop,
    begun,
    only_order,
    open_shop,
    paid,
    sent_to,
    sound,
    wanted,
)
from santong.agents.views import frame
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.payments import public as payments

AtOnce = Callable[..., list[Any]]
PATIENCE_SECONDS = 20.0


def test_whoever_is_first_of_update_complete_and_cancel_the_session_is_whole(
    shop: Shop, agent: Agent, at_once: AtOnce
) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    path = f"/checkout-sessions/{session['id']}"
    two = wanted(shop, quantity=2, fulfillment=sent_to())

    at_once(
        lambda: agent.put(path, two),
        lambda: agent.post(f"{path}/complete"),
        lambda: agent.post(f"{path}/cancel"),
        lambda: agent.post(f"{path}/complete"),
    )

    status, document = agent.get(path)
    placed = _orders_of(shop)
    assert (status, document["status"]) == (200, "canceled")
    assert [order.state for order in placed] in ([], ["cancelled"])
    assert all(order.lines[0].quantity == document["line_items"][0]["quantity"] for order in placed)
    assert sound(shop)


def test_a_session_that_begins_twice_under_one_key_begins_once(
    shop: Shop, agent: Agent, platforms: str, at_once: AtOnce
) -> None:
    body = wanted(shop)
    stranger = Agent(shop.base, f"{platforms}/plain")

    answers = at_once(
        *[lambda: agent.post("/checkout-sessions", body, key="one") for _ in range(3)]
    )
    other, theirs = stranger.post("/checkout-sessions", body, key="one")

    assert [status for status, _ in answers] == [201] * 3
    assert len({document["id"] for _, document in answers}) == 1
    # A key is its platform's: another's is another call.
    assert (other, theirs["id"] != answers[0][1]["id"]) == (201, True)
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert CheckoutSession.objects.of_merchant(shop.merchant_id).count() == 2


def test_what_was_paid_while_it_was_given_up_stays_bought(
    shop: Shop, agent: Agent, at_once: AtOnce
) -> None:
    path = f"/checkout-sessions/{begun(agent, shop, fulfillment=sent_to())['id']}"
    agent.post(f"{path}/complete")
    order = only_order(shop)

    def pays() -> None:
        with tenancy.scope(merchant_id=shop.merchant_id):
            paid(shop, order.id)
            _wait_for_a_waiter()

    def gives_up() -> tuple[int, Any]:
        _wait_for_the_money()
        return agent.post(f"{path}/cancel")

    _, (status, refused) = at_once(pays, gives_up)

    assert (status, refused["code"]) == (409, "not_modifiable")
    assert only_order(shop).state == "paid"
    assert agent.get(path)[1]["status"] == "completed"
    assert sound(shop)


def test_a_buyer_who_presses_twice_is_asked_once(shop: Shop, agent: Agent, at_once: AtOnce) -> None:
    path = f"/checkout-sessions/{begun(agent, shop, fulfillment=sent_to())['id']}"
    agent.post(f"{path}/complete")
    with tenancy.scope(merchant_id=shop.merchant_id):
        row = CheckoutSession.objects.get(merchant_id=shop.merchant_id)
        _open_wallet(shop.merchant_id)

    def asks(key: str) -> payments.Intent:
        with tenancy.scope(merchant_id=shop.merchant_id):
            return ask_payment(
                merchant_id=shop.merchant_id,
                row_id=row.id,
                account_code="wallet",
                key=key,
                return_url="https://shop.example/",
                now=datetime.now(UTC),
            )

    asked = at_once(*[lambda key=key: asks(key) for key in ("a", "b", "c")])

    assert len({intent.id for intent in asked}) == 1


def test_only_a_few_profiles_are_fetched_for_one_caller_and_none_for_a_shop_that_is_shut(
    merchant: int, platforms: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "MOST_PROFILES_FROM_ONE", 2)
    with tenancy.scope(merchant_id=merchant):
        shop = open_shop(merchant, is_open=False)

    shut = [Agent(shop.base, f"{platforms}/shut-{n}").get("/checkout-sessions/x") for n in (1, 2)]
    with tenancy.scope(merchant_id=merchant):
        _open(shop)
    answers = [
        Agent(shop.base, f"{platforms}/new-{n}").get("/checkout-sessions/x") for n in (1, 2, 3)
    ]
    known = Agent(shop.base, f"{platforms}/new-1").get("/checkout-sessions/x")

    assert [status for status, _ in shut] == [404, 404]
    assert [status for status, _ in answers] == [424, 424, 429]
    assert known[0] == 424


def test_how_much_lies_there_is_told_only_when_it_is_little(merchant: int, platforms: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = open_shop(merchant, coats=83)
    agent = Agent(shop.base, f"{platforms}/good")

    much = begun(agent, shop, quantity=90)
    scarves = {"line_items": [{"item": {"id": shop.scarf}, "quantity": 9}]}
    _, little = agent.post("/checkout-sessions", scarves)

    assert "83" not in str(much["messages"])
    assert little["messages"][0]["content"].startswith("5 of ")


def test_a_link_of_nobodys_opens_nothing(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop, fulfillment=sent_to())

    # The platform's token is not the buyer's, nor the other way round.
    assert Client().get(f"/u/{session['id']}/").status_code == 404
    token = session["continue_url"].rstrip("/").rpartition("/")[2]
    assert agent.get(f"/checkout-sessions/{token}")[0] == 404


def _orders_of(shop: Shop) -> list[orders.Order]:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return list(orders.orders_page(merchant_id=shop.merchant_id))


def _open(shop: Shop) -> None:
    set_shop(
        merchant_id=shop.merchant_id,
        storefront_code="flagship",
        is_open=True,
        freight_minor=0,
        free_from_minor=None,
        terms_url="https://shop.example/terms",
        privacy_url="https://shop.example/privacy",
        returns_url="",
        now=datetime.now(UTC),
    )


def _open_wallet(merchant_id: int) -> None:
    payments.open_payment_account(
        merchant_id=merchant_id,
        code="wallet",
        provider="simulated",
        method="wechat_pay",
        currency="CNY",
        name="微信支付",
        now=datetime.now(UTC),
    )


def _wait_for_a_waiter() -> None:
    """Until somebody of this database waits for a lock: then it is ours that they wait for."""
    _until(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )


def _wait_for_the_money() -> None:
    """Until whoever pays holds the order."""
    _until(
        "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
        " WHERE c.relname = 'orders_order' AND l.mode = 'RowShareLock'"
        " AND l.pid <> pg_backend_pid()"
    )


def _until(question: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(question)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody came")
