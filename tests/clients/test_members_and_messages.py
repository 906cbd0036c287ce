"""Published clients bind a member and hear a message, given our address and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.membership.tests.factories import make_programme, make_shop
from santong.messaging import public as messaging
from santong.messaging.tests.factories import make_messages
from santong.openplatform.tests.factories import let_in, make_app
from tests.clients.calling import Client

# One npm package and one of PyPI, by different authors.
TWO = ("ali-topsdk", "taobaopy")
TOPIC = "taobao_trade_TradeCreate"


@pytest.fixture
def client(request: pytest.FixtureRequest, router: str, merchant: int) -> Client:
    now = datetime.now(UTC)
    made = make_app(merchant, now=now)
    session = let_in(made, merchant, now=now).session_key
    return Client(request.param, router, made.app.app_key, made.secret, session)


@pytest.mark.parametrize("client", TWO, indirect=True)
def test_a_shopper_is_registered_unbound_bound_and_seen(client: Client, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        make_shop(merchant_id=merchant, programme=programme, code="flagship")
    who: dict[str, Any] = {"seller_name": "flagship", "mobile": "13800000000"}
    named = who | {"taobao_nick": "三通测试"}

    joined = client.call("tmall.mei.crm.member.register", **named)
    off = client.call("tmall.mei.crm.bind", **named, type="2")
    free = client.call("tmall.crm.member.bind.query", **who)
    on = client.call("tmall.mei.crm.bind", **named, type="1")
    seen = client.call("tmall.crm.member.query", **who)

    assert joined["tmall_mei_crm_member_register_response"]["register_code"] == "SUC"
    assert off["tmall_mei_crm_bind_response"]["bind_code"] == "SUC"
    assert free["tmall_crm_member_bind_query_response"]["bindable"] is True
    assert on["tmall_mei_crm_bind_response"]["member"]["point"] == 0
    assert seen["tmall_crm_member_query_response"]["query_code"] == "SUC"


@pytest.mark.parametrize("client", TWO, indirect=True)
def test_a_message_is_permitted_consumed_and_confirmed(client: Client, merchant: int) -> None:
    client.call("taobao.tmc.user.permit", topics=TOPIC)
    make_messages(merchant, ["order_id:1"], topic=TOPIC, now=datetime.now(UTC))

    taken = client.call("taobao.tmc.messages.consume", group_name="default", quantity="10")
    (message,) = taken["tmc_messages_consume_response"]["messages"]["tmc_message"]
    done = client.call("taobao.tmc.messages.confirm", s_message_ids=str(message["id"]))

    assert (message["topic"], json.loads(message["content"])) == (TOPIC, {"of": "order_id:1"})
    assert done["tmc_messages_confirm_response"]["is_success"] is True
    with tenancy.scope(merchant_id=merchant):
        assert not any(messaging.waiting_by_app(merchant_id=merchant))
