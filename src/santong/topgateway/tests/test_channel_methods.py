"""Messages over HTTP: permitted, taken, confirmed, taken no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.kernel import tenancy
from santong.messaging import public as messaging
from santong.messaging.tests.factories import make_messages
from santong.topgateway import errors
from santong.topgateway.tests.factories import NOW, Shop

TOPIC = "taobao_trade_TradeCreate"
CONSUME, CONFIRM = "taobao.tmc.messages.consume", "taobao.tmc.messages.confirm"


def permitted(shop: Shop, *messages: str) -> None:
    shop.result("taobao.tmc.user.permit", topics=TOPIC)
    make_messages(shop.merchant_id, list(messages), topic=TOPIC, now=NOW)


def taken(shop: Shop, **asked: Any) -> list[Any]:
    found: list[Any] = shop.result(CONSUME, session="-", **asked)["messages"]["tmc_message"]
    return found


def test_what_waits_is_taken_and_confirmed(shop: Shop) -> None:
    permitted(shop, "order_id:1", "order_id:2")

    (first, second) = taken(shop, quantity="100")
    early = taken(shop, at=NOW + timedelta(seconds=1))
    done = shop.result(CONFIRM, session="-", s_message_ids=str(first["id"]))
    (again,) = taken(shop, at=NOW + timedelta(seconds=61))

    assert (first["topic"], json.loads(first["content"])) == (TOPIC, {"of": "order_id:1"})
    assert (first["pub_time"], first["pub_app_key"]) == ("2026-11-11 15:27:00", "santong")
    assert early == []
    assert done["is_success"]
    assert again["id"] == second["id"]


def test_an_application_hears_what_it_is_permitted(shop: Shop) -> None:
    before = shop.result("taobao.tmc.user.get")
    permitted(shop)
    hears = shop.result("taobao.tmc.user.get", at=NOW + timedelta(seconds=1))["tmc_user"]
    mine = shop.result("taobao.tmc.message.produce", topic="erp_stock_Counted", content="{}")
    ours = shop.call("taobao.tmc.message.produce", topic=TOPIC, content="{}")["error_response"]
    unknown = shop.call("taobao.tmc.user.permit", topics="a_b_C,x")["error_response"]
    ended = shop.result("taobao.tmc.user.cancel")
    twice = shop.result("taobao.tmc.user.cancel", nick="again")

    assert "tmc_user" not in before
    assert hears["topics"]["string"] == [TOPIC]
    assert (mine["is_success"], ended["is_success"], twice["is_success"]) == (False, True, False)
    assert ours["sub_msg"].endswith("not a topic that an app may produce")
    assert unknown["code"] == errors.INVALID_ARGUMENTS
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert messaging.permits(merchant_id=shop.merchant_id) == []


def test_clients_of_one_group_at_once_take_each_message_once(
    shop: Shop, at_once: Callable[..., list[Any]]
) -> None:
    permitted(shop, *[f"order_id:{number}" for number in range(12)])

    found = at_once(*[lambda: taken(shop, quantity="5") for _ in range(4)])
    ids = [each["id"] for several in found for each in several]
    said = ",".join(str(each) for each in ids)
    at_once(*[lambda: shop.result(CONFIRM, session="-", s_message_ids=said) for _ in range(3)])

    assert len(ids) == len(set(ids)) == 12
    assert taken(shop, at=NOW + timedelta(seconds=61)) == []
