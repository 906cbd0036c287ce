"""TOP clients get what their sellers let them hear: each message until it is confirmed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.kernel.threads import close_threads, in_thread
from santong.messaging import public as messaging
from santong.messaging.models import Queued
from santong.messaging.rules.channel import NO_APP
from santong.messaging.streams.channel import AppUnknown, Channel
from santong.messaging.streams.group import WINDOW
from santong.messaging.tests.factories import NOW, findings, make_messages
from santong.messaging.tests.wire import SECRET, Client

pytestmark = pytest.mark.django_db(transaction=True)

TRADE = "taobao_trade_TradeCreate"


@pytest.fixture
def app_key(merchant: int) -> str:
    """An app's own: others' sellers are not heard."""
    return f"{1_000_000 + merchant}"


def permit(merchant_id: int, app_key: str, topics: Sequence[str] = (TRADE,)) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        messaging.permit(
            merchant_id=merchant_id,
            app_key=app_key,
            topics=topics,
            user_id=2_054_718_218,
            user_nick="三通旗舰店",
            now=NOW,
        )


def secrets_of(app_key: str, _now: datetime) -> Sequence[str]:
    if app_key == "nobody":
        raise AppUnknown(NO_APP)
    return (SECRET,)


def talking(conversation: Coroutine[Any, Any, None]) -> None:
    """Hold it, and give back the threads' connections."""
    try:
        asyncio.run(asyncio.wait_for(conversation, 60))
    finally:
        close_threads()


def queued(merchant_id: int) -> list[int]:
    with tenancy.scope(merchant_id=merchant_id):
        return list(Queued.objects.order_by("id").values_list("id", flat=True))


def test_an_app_consumes_what_its_sellers_permit_and_gets_again_what_it_does_not_confirm(
    new_merchant: Any, app_key: str
) -> None:
    sellers = [new_merchant(), new_merchant(), new_merchant()]
    for seller in sellers[:2]:
        permit(seller, app_key)
    for seller in sellers:
        make_messages(seller, ["order_id:1", "order_id:2"], topic=TRADE)

    def consume(*, seconds: int = 0) -> list[messaging.ChannelMessage]:
        now = NOW + timedelta(seconds=seconds)
        return messaging.consume(app_key=app_key, quantity=3, now=now)

    first = consume()
    rest = consume()
    nothing = consume(seconds=59)
    done = messaging.confirm(app_key=app_key, ids=[each.id for each in first])
    again = consume(seconds=60)
    others = messaging.confirm(app_key="99", ids=[each.id for each in again])

    assert [len(first), len(rest), nothing] == [3, 1, []]
    assert {each.merchant_id for each in [*first, *rest]} == set(sellers[:2])
    assert (done, others) == (3, 0)
    assert [each.id for each in again] == [each.id for each in rest]
    assert json.loads(again[0].content) == {"of": "order_id:2"}
    assert (again[0].topic, again[0].user_nick) == (TRADE, "三通旗舰店")
    assert findings(sellers[0]) == []


def test_permitting_again_replaces_the_topics_and_cancelling_ends_it(
    merchant: int, app_key: str
) -> None:
    permit(merchant, app_key, [TRADE, "taobao_trade_TradeClose"])
    permit(merchant, app_key, ["taobao_trade_TradeClose"])
    make_messages(merchant, ["order_id:1"], topic=TRADE)
    make_messages(merchant, ["order_id:1"], topic="taobao_trade_TradeClose")
    waits = len(queued(merchant))
    with tenancy.scope(merchant_id=merchant):
        shown = messaging.permit_of(merchant_id=merchant, app_key=app_key)
        messaging.cancel_permit(merchant_id=merchant, app_key=app_key, now=NOW)

    assert waits == 1
    assert shown is not None
    assert shown.topics == ("taobao_trade_TradeClose",)
    assert queued(merchant) == []
    with tenancy.scope(merchant_id=merchant), pytest.raises(FieldInvalid):
        messaging.permit(
            merchant_id=merchant, app_key="1", topics=["no"], user_id=1, user_nick="", now=NOW
        )


def test_an_app_tells_other_apps_of_a_seller_what_the_seller_lets_them_hear(
    merchant: int, app_key: str
) -> None:
    permit(merchant, app_key, ["acme_erp_StockCounted"])
    with tenancy.scope(merchant_id=merchant):
        is_heard = messaging.produce(
            merchant_id=merchant,
            app_key="777",
            topic="acme_erp_StockCounted",
            content='{"store":"S1"}',
            now=NOW,
        )
    with tenancy.scope(merchant_id=merchant), pytest.raises(FieldInvalid):
        messaging.produce(merchant_id=merchant, app_key="777", topic=TRADE, content="{}", now=NOW)

    (got,) = messaging.consume(app_key=app_key, now=NOW)

    assert is_heard
    assert (got.publisher, got.content) == ("777", '{"store":"S1"}')


def test_a_client_connects_pulls_gets_and_confirms(merchant: int, app_key: str) -> None:
    permit(merchant, app_key)
    make_messages(merchant, ["order_id:1", "order_id:2"], topic=TRADE)

    async def conversation() -> None:
        channel = Channel(secrets_of=secrets_of)
        client = Client(channel, app_key)
        answer = await client.connect()
        client.pull()
        got = await client.messages(2)
        for each in got:
            number = each.content["id"].number
            assert number is not None
            client.confirm(number)
        await client.leave()

        assert answer.status is None
        assert answer.token
        assert [json.loads(each.text("content"))["of"] for each in got] == [
            "order_id:1",
            "order_id:2",
        ]
        assert {each.text("topic") for each in got} == {TRADE}
        assert {each.text("nick") for each in got} == {"三通旗舰店"}
        assert {each.content["userid"].number for each in got} == {2_054_718_218}

    talking(conversation())

    assert queued(merchant) == []


def test_what_a_client_did_not_confirm_goes_to_another_when_it_leaves(
    merchant: int, app_key: str
) -> None:
    permit(merchant, app_key)
    make_messages(merchant, ["order_id:1"], topic=TRADE)

    async def conversation() -> None:
        channel = Channel(secrets_of=secrets_of)
        gone, other = Client(channel, app_key), Client(channel, app_key)
        await gone.connect()
        gone.pull()
        (first,) = await gone.messages(1)
        await gone.leave()
        await other.connect()
        other.pull()

        (again,) = await other.messages(1)

        assert again.content["id"] == first.content["id"]
        await other.leave()

    talking(conversation())


def test_clients_of_a_group_share_the_work_and_a_slow_one_is_bounded(
    merchant: int, app_key: str
) -> None:
    permit(merchant, app_key)
    make_messages(merchant, [f"order_id:{number}" for number in range(WINDOW + 50)], topic=TRADE)

    async def conversation() -> None:
        channel = Channel(secrets_of=secrets_of)
        idle, slow = Client(channel, app_key), Client(channel, app_key)
        for client in (idle, slow):
            await client.connect()
        slow.pull()
        held = await slow.messages(WINDOW)
        idle.pull()
        rest = await idle.messages(50)

        ids = {each.content["id"].number for each in [*held, *rest]}
        assert len(ids) == WINDOW + 50
        for client in (idle, slow):
            await client.leave()

    talking(conversation())


@pytest.mark.parametrize(
    ("key", "secret", "status"),
    [("12129701", "wrong", 25), ("nobody", SECRET, 29), ("12129701", SECRET, None)],
)
def test_only_a_client_that_signs_is_let_in(key: str, secret: str, status: int | None) -> None:
    async def conversation() -> None:
        client = Client(Channel(secrets_of=secrets_of), key)

        answer = await client.connect(secret=secret)

        assert answer.status == status
        assert (answer.token is None) is (status is not None)
        await client.leave()

    talking(conversation())


@pytest.mark.parametrize("body", [b"", b"\2\2\x09\0", b"\1" * 40, b"\2\1\0\0"])
def test_what_is_no_frame_closes_the_connection_cleanly(body: bytes) -> None:
    async def conversation() -> None:
        client = Client(Channel(secrets_of=secrets_of), "12129701")
        await client.heard()
        client.say_bytes(body)

        assert await client.heard() == {"type": "websocket.close", "code": 1002, "reason": None}

    talking(conversation())


def test_at_the_end_of_the_process_clients_are_told_and_give_back_what_they_hold(
    merchant: int, app_key: str
) -> None:
    permit(merchant, app_key)
    make_messages(merchant, ["order_id:1"], topic=TRADE)

    async def conversation() -> None:
        channel = Channel(secrets_of=secrets_of)
        async with channel.open():
            client = Client(channel, app_key)
            await client.connect()
            client.pull()
            await client.messages(1)

        assert (await client.heard())["code"] == 1001
        again = await in_thread(messaging.consume, app_key=app_key, now=datetime.now(UTC))
        assert len(again) == 1

    talking(conversation())
