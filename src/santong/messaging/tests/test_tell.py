"""A fact becomes messages for whoever wants them, in the words of each, and for nobody else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from santong.inventory.events import MovedSku, StockCounted
from santong.kernel import facts, outbox, relay, tenancy
from santong.messaging import public as messaging
from santong.messaging.models import Message
from santong.messaging.rules.outward import outward
from santong.messaging.rules.top_topics import TOP_TOPICS
from santong.messaging.rules.topics import TOPICS
from santong.messaging.services.note_message import note_message
from santong.messaging.tests.factories import NOW, PAID, findings, make_webhook
from santong.orders.events import OrderPaid
from santong.orders.tests.factories import make_order, make_shop

pytestmark = pytest.mark.django_db(transaction=True)

COUNTED = "santong.stock.counted.v1"


def told(merchant_id: int) -> list[tuple[str, str, Any]]:
    with tenancy.scope(merchant_id=merchant_id) as scope:
        cell = scope.cell
    relay.drain(cell=cell, wait_seconds=20)
    with tenancy.scope(merchant_id=merchant_id):
        found = messaging.messages_after(merchant_id=merchant_id, number=0)
    return [(each.topic, each.key, each.content) for each in found]


def test_a_fact_is_told_in_our_words_and_in_tops_to_those_who_asked(merchant: int) -> None:
    make_webhook(merchant, "https://erp.example/hook", topics=[PAID])
    with tenancy.scope(merchant_id=merchant):
        messaging.permit(
            merchant_id=merchant,
            app_key=f"{merchant}",
            topics=["taobao_trade_TradeBuyerPay"],
            user_id=7,
            user_nick="三通旗舰店",
            now=NOW,
        )
        make_shop(merchant)
        order = make_order(merchant)
        outbox.publish(
            OrderPaid(
                order_id=order.id,
                currency="CNY",
                total_minor=19_900,
                paid_minor=19_900,
                paid_at=NOW,
            ),
            StockCounted(location_id=3, skus=(MovedSku(sku_id=8, delta=-1, on_hand=2),)),
            now=NOW,
        )

    found = told(merchant)

    key = f"order_id:{order.id}"
    ours = {
        "order_id": str(order.id),
        "currency": "CNY",
        "total_minor": 19_900,
        "paid_minor": 19_900,
        "paid_at": "2026-11-11T07:27:00Z",
    }
    (first, second) = found
    assert first == (PAID, key, ours)
    assert second[:2] == ("taobao_trade_TradeBuyerPay", key)
    assert second[2]["tid"] == order.external_number
    assert (second[2]["status"], second[2]["payment"]) == ("WAIT_BUYER_PAY", "199.00")
    (queued,) = messaging.consume(app_key=f"{merchant}", now=datetime.now(UTC))
    assert json.loads(queued.content) == second[2]
    assert findings(merchant) == []


def test_nothing_is_written_that_nobody_wants(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        outbox.publish(StockCounted(location_id=3, skus=()), now=NOW)

    assert told(merchant) == []


def test_writers_at_the_same_time_get_numbers_in_the_order_of_their_commits(
    merchant: int, at_once: Any
) -> None:
    make_webhook(merchant, "https://erp.example/hook", topics=[COUNTED])

    def write() -> list[int]:
        seen: list[int] = []
        for _ in range(5):
            with tenancy.scope(merchant_id=merchant):
                number = note_message(
                    merchant_id=merchant, topic=COUNTED, key="location_id:3", content={}, now=NOW
                )
                seen += Message.objects.filter(number__gt=number).values_list("number", flat=True)
        return seen

    later = at_once(*[write for _ in range(6)])

    with tenancy.scope(merchant_id=merchant):
        numbers = list(Message.objects.order_by("number").values_list("number", flat=True))
    assert later == [[]] * 6, "nobody saw a number above their own"
    assert numbers == list(range(1, 31))
    assert findings(merchant) == []


def test_every_topic_has_its_fact_and_every_content_of_top_can_be_made() -> None:
    known = facts.fact_types()

    assert [topic.name for topic in TOPICS if topic.fact not in known] == []
    assert [topic.name for topic in TOP_TOPICS if topic.fact not in known] == []
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_ids_leave_as_text_and_nothing_else_changes() -> None:
    data = {
        "order_id": 2**62,
        "is_whole": True,
        "none_id": None,
        "member_ids": [1, 2],
        "quantity_by_line": {"7": 1},
        "skus": [{"sku_id": 8, "delta": -1}],
    }

    assert outward(data) == {
        "order_id": str(2**62),
        "is_whole": True,
        "none_id": None,
        "member_ids": ["1", "2"],
        "quantity_by_line": {"7": 1},
        "skus": [{"sku_id": "8", "delta": -1}],
    }
