from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from santong.catalog import public as catalog
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.messaging.rules.outward import outward
from santong.messaging.rules.top_topics import TOP_TOPICS, Known, TopTopic
from santong.messaging.rules.topics import TOPIC_OF_FACT
from santong.messaging.services.note_message import note_message, wanted_of
from santong.orders import public as orders
from santong.stores import public as stores

_TOP_BY_FACT: Final[dict[str, list[TopTopic]]] = {}
for _each in TOP_TOPICS:
    _TOP_BY_FACT.setdefault(_each.fact, []).append(_each)

# How TOP calls what has become of a trade.
_STATUS: Final[Mapping[str, str]] = {
    "placed": "WAIT_BUYER_PAY",
    "paid": "WAIT_SELLER_SEND_GOODS",
    "paid_without_stock": "WAIT_SELLER_SEND_GOODS",
    "partly_shipped": "SELLER_CONSIGNED_PART",
    "shipped": "WAIT_BUYER_CONFIRM_GOODS",
    "delivered": "TRADE_FINISHED",
    "cancelled": "TRADE_CLOSED",
}


@all_or_nothing
def tell_fact(
    *, merchant_id: int, name: str, key: str, body: Mapping[str, Any], now: datetime
) -> int:
    """Write the messages of a fact that somebody wants to hear of; how many these are.

    Locks the log, where there is one to write.
    """
    ours = TOPIC_OF_FACT.get(name)
    theirs = _TOP_BY_FACT.get(name, [])
    candidates = {ours, *(topic.name for topic in theirs)} - {None}
    wanted = wanted_of(merchant_id=merchant_id, topics=[each for each in candidates if each])
    written = 0
    if ours in wanted:
        note_message(
            merchant_id=merchant_id, topic=str(ours), key=key, content=outward(body), now=now
        )
        written += 1
    for topic in theirs:
        if topic.name not in wanted:
            continue
        known = _known(merchant_id, topic, body, now)
        for content in topic.contents(body, known):
            note_message(
                merchant_id=merchant_id, topic=topic.name, key=key, content=content, now=now
            )
            written += 1
    return written


def _known(merchant_id: int, topic: TopTopic, body: Mapping[str, Any], now: datetime) -> Known:
    merchant = merchants.merchant(merchant_id=merchant_id)
    known = Known(merchant_id=merchant_id, nick=merchant.name, at=now)
    if topic.about == "order":
        return _of_order(known, body)
    if topic.about == "skus":
        found = catalog.skus_by_id(
            merchant_id=merchant_id, sku_ids=[moved["sku_id"] for moved in body["skus"]]
        )
        return replace(known, code_by_sku={sku_id: sku.code for sku_id, sku in found.items()})
    if topic.about == "location":
        return _of_location(known, body["location_id"])
    return known


def _of_order(known: Known, body: Mapping[str, Any]) -> Known:
    order_id = body.get("order_id")
    if order_id is None:
        order_id = orders.order_of_document(document=body["document"])
    if order_id is None:
        return known
    try:
        order = orders.order_by_id(merchant_id=known.merchant_id, order_id=order_id)
    except NoSuch:
        return known
    return replace(
        known,
        tid=order.external_number,
        status=_STATUS[order.state],
        payment_minor=order.total_minor,
    )


def _of_location(known: Known, location_id: int) -> Known:
    found = stores.locations_by_id(merchant_id=known.merchant_id, location_ids=[location_id])
    place = found.get(location_id)
    if place is None:
        return known
    return replace(known, store_name=place.name, store_code=place.code)
