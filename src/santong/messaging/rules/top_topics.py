"""TOP's topics and the contents that their readers know, each made of a fact of ours.

Names and fields follow the published topic definitions, `<bu>_<group>_<Event>`; where the
platform has no topic for what we know, there is one of our own (`santong_omniorder_…`). Money is
yuan as decimal text; times are Beijing's. Nobody is named: accounts appear as numbers of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal

Content = dict[str, Any]
Subject = Literal["order", "skus", "location", "none"]

_CHINA: Final = timezone(timedelta(hours=8))
_PATTERN: Final = re.compile(r"[a-z][a-z0-9]*_[a-z][a-z0-9]*_[A-Z][A-Za-z0-9]*", re.ASCII)
_OURS: Final = ("taobao_", "tmall_", "alibaba_", "santong_")
LONGEST_TOPIC: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the contexts tell of a fact's subject, beside the fact itself."""

    merchant_id: int
    nick: str = ""
    tid: str = ""
    status: str = ""
    payment_minor: int = 0
    code_by_sku: Mapping[int, str] | None = None
    store_name: str = ""
    store_code: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopTopic:
    """A topic of TOP, the fact it is made of, and what else has to be known."""

    name: str
    fact: str
    about: Subject
    contents: Callable[[Mapping[str, Any], Known], list[Content]]


def yuan(minor: int) -> str:
    """Fen as yuan: `199.00`."""
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 100)
    return f"{sign}{whole}.{rest:02}"


def beijing(at: datetime) -> str:
    """An instant as TOP writes it."""
    return at.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def is_topic_of_an_app(*, topic: str) -> bool:
    """Whether an app may produce it: in the pattern, and none of the platforms' or ours."""
    return (
        len(topic) <= LONGEST_TOPIC
        and bool(_PATTERN.fullmatch(topic))
        and not topic.startswith(_OURS)
    )


def _trade(fact: Mapping[str, Any], known: Known) -> list[Content]:
    return [
        {
            "tid": known.tid,
            "oid": known.tid,
            "seller_nick": known.nick,
            "status": known.status,
            "payment": yuan(known.payment_minor),
            "type": "fixed",
            "order_id": fact["order_id"],
        }
    ]


def _whole_trade(fact: Mapping[str, Any], known: Known) -> list[Content]:
    return _trade(fact, known) if fact["is_whole"] else []


def _item_stock(fact: Mapping[str, Any], known: Known) -> list[Content]:
    codes = known.code_by_sku or {}
    return [
        {
            "nick": known.nick,
            "num_iid": moved["sku_id"],
            "sku_id": moved["sku_id"],
            "sku_outer_id": codes.get(moved["sku_id"], ""),
            "increment": moved["delta"],
            "num": moved["on_hand"],
        }
        for moved in fact["skus"]
    ]


def _omni_stock(fact: Mapping[str, Any], known: Known) -> list[Content]:
    return [
        {
            "item_id": moved["sku_id"],
            "inventory_id": moved["sku_id"],
            "omni_id": fact["location_id"],
            "store_code": known.store_code,
            "inventory_change_type": 1,
            "change_sellable_quantity": moved["delta"],
            "result_sellable_quantity": moved["on_hand"],
        }
        for moved in fact["skus"]
    ]


def _refund(fact: Mapping[str, Any], known: Known) -> list[Content]:
    content: Content = {
        "seller_nick": known.nick,
        "tid": known.tid,
        "oid": known.tid,
        "refund_fee": yuan(fact["amount_minor"]),
    }
    if "refund_id" in fact:
        content["refund_id"] = fact["refund_id"]
    return [content]


def _points(fact: Mapping[str, Any], *, kind: int, record: str) -> list[Content]:
    return [
        {
            "record_id": record,
            "type": kind,
            "point": abs(fact["points"]),
            "member_id": fact["member_id"],
        }
    ]


def _points_deducted(fact: Mapping[str, Any], _known: Known) -> list[Content]:
    return _points(fact, kind=1, record=f"burn:{fact['burn_id']}") if fact["points"] else []


def _points_added(fact: Mapping[str, Any], _known: Known) -> list[Content]:
    return _points(fact, kind=2, record=f"accrual:{fact['accrual_id']}") if fact["points"] else []


def _joined(fact: Mapping[str, Any], known: Known) -> list[Content]:
    return [
        {
            "seller_nick": known.nick,
            "seller_id": known.merchant_id,
            "user_id": fact["member_id"],
            "join_time": beijing(known.at) if known.at else "",
            "msg_id": f"join:{fact['card_id']}",
        }
    ]


def _graded(fact: Mapping[str, Any], known: Known) -> list[Content]:
    return [
        {
            "seller_id": known.merchant_id,
            "user_id": fact["member_id"],
            "grade": fact["to_tier"],
            "msg_id": f"grade:{fact['card_id']}:{fact['to_tier']}",
        }
    ]


def _store(fact: Mapping[str, Any], known: Known) -> list[Content]:
    if fact["kind"] != "store":
        return []
    return [
        {
            "store_id": fact["location_id"],
            "name": known.store_name,
            "subname": "",
            "biz_outer_id": fact["code"],
            "gmt_create": beijing(known.at) if known.at else "",
        }
    ]


def _task(main_status: int) -> Callable[[Mapping[str, Any], Known], list[Content]]:
    def contents(fact: Mapping[str, Any], known: Known) -> list[Content]:
        return [
            {
                "workcard_id": fact["visit_id"],
                "main_status": main_status,
                "service_type": fact.get("service_type", ""),
                "seller_nick": known.nick,
            }
        ]

    return contents


def _omni_order(event: str) -> Callable[[Mapping[str, Any], Known], list[Content]]:
    def contents(fact: Mapping[str, Any], known: Known) -> list[Content]:
        return [
            {
                "tid": known.tid,
                "event": event,
                "order_id": fact["order_id"],
                "fulfilment_order_id": fact["fulfilment_order_id"],
                "store_id": fact["location_id"],
            }
        ]

    return contents


def _topic(
    name: str,
    fact: str,
    about: Subject,
    contents: Callable[[Mapping[str, Any], Known], list[Content]],
) -> TopTopic:
    return TopTopic(name=name, fact=fact, about=about, contents=contents)


TOP_TOPICS: Final = (
    _topic("taobao_trade_TradeCreate", "orders.order_placed.v1", "order", _trade),
    _topic("taobao_trade_TradeBuyerPay", "orders.order_paid.v1", "order", _trade),
    _topic("taobao_trade_TradeSellerShip", "orders.order_shipped.v1", "order", _trade),
    _topic("taobao_trade_TradeSuccess", "orders.order_delivered.v1", "order", _whole_trade),
    _topic("taobao_trade_TradeClose", "orders.order_cancelled.v1", "order", _whole_trade),
    _topic("taobao_item_ItemStockChanged", "inventory.stock_received.v1", "skus", _item_stock),
    _topic("taobao_item_ItemStockChanged", "inventory.stock_adjusted.v1", "skus", _item_stock),
    _topic("taobao_item_ItemStockChanged", "inventory.stock_counted.v1", "skus", _item_stock),
    _topic("taobao_item_ItemStockChanged", "inventory.till_sale_recorded.v1", "skus", _item_stock),
    _topic(
        "tmall_omnichannel_InventoryChange", "inventory.stock_received.v1", "location", _omni_stock
    ),
    _topic(
        "tmall_omnichannel_InventoryChange", "inventory.stock_adjusted.v1", "location", _omni_stock
    ),
    _topic(
        "tmall_omnichannel_InventoryChange", "inventory.stock_counted.v1", "location", _omni_stock
    ),
    _topic("taobao_refund_RefundCreated", "orders.refund_owed.v1", "order", _refund),
    _topic("taobao_refund_RefundSuccess", "payments.refund_done.v1", "order", _refund),
    _topic("tmall_mei_PointChange", "membership.points_burned.v1", "none", _points_deducted),
    _topic("tmall_mei_PointChange", "membership.points_accrued.v1", "none", _points_added),
    _topic("taobao_opencrm_MemberJoin", "membership.member_joined.v1", "none", _joined),
    _topic("taobao_opencrm_MemberGradeChange", "membership.tier_changed.v1", "none", _graded),
    _topic("tmall_omni_StoreAdd", "stores.location_opened.v1", "location", _store),
    _topic("tmall_servicecenter_TaskUpdate", "fieldservice.visit_booked.v1", "none", _task(1000)),
    _topic(
        "tmall_servicecenter_TaskUpdate", "fieldservice.visit_checked_in.v1", "none", _task(2000)
    ),
    _topic("tmall_servicecenter_TaskUpdate", "fieldservice.visit_done.v1", "none", _task(3000)),
    _topic(
        "santong_omniorder_StoreOffered",
        "fulfilment.fulfilment_offered.v1",
        "order",
        _omni_order("offered"),
    ),
    _topic(
        "santong_omniorder_StoreAccepted",
        "fulfilment.fulfilment_accepted.v1",
        "order",
        _omni_order("accepted"),
    ),
    _topic(
        "santong_omniorder_StoreRefused",
        "fulfilment.fulfilment_declined.v1",
        "order",
        _omni_order("refused"),
    ),
    _topic(
        "santong_omniorder_StoreConsigned",
        "fulfilment.parcel_handed_over.v1",
        "order",
        _omni_order("consigned"),
    ),
)

TOP_NAMES: Final = frozenset(topic.name for topic in TOP_TOPICS)
