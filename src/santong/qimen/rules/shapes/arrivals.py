"""Goods that come in: from suppliers, and back from buyers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import InboundState, InboundType
from santong.qimen.rules.marks import Code, Instant, Long, Many, Number, Part, Words
from santong.qimen.rules.shapes.common import (
    AskedLines,
    ConfirmedLines,
    Party,
    RelatedOrder,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EntryOrder(Part):
    """Goods that are expected, and what has come of them."""

    entry_order_code: Code
    entry_order_id: Code = ""
    owner_code: Code
    warehouse_code: Code
    purchase_order_code: Code = ""
    order_type: InboundType | None = None
    related_orders: Annotated[tuple[RelatedOrder, ...], Many("relatedOrders", "relatedOrder")] = ()
    order_create_time: Instant | None = None
    expect_start_time: Instant | None = None
    expect_end_time: Instant | None = None
    logistics_code: Code = ""
    express_code: Code = ""
    supplier_code: Code = ""
    supplier_name: Words = ""
    sender_info: Party | None = None
    receiver_info: Party | None = None
    total_order_lines: Number | None = None
    out_biz_code: Words = ""
    status: InboundState | None = None
    confirm_type: Number | None = None
    operate_time: Instant | None = None
    operator_code: Code = ""
    operator_name: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EntryCreate(Part):
    """`entryorder.create`."""

    entry_order: EntryOrder
    order_lines: AskedLines


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EntryConfirm(Part):
    """`entryorder.confirm`."""

    entry_order: EntryOrder
    order_lines: ConfirmedLines = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReturnOrder(Part):
    """Goods that a buyer sends back, and what has come of them."""

    return_order_code: Code
    return_order_id: Code = ""
    warehouse_code: Code
    owner_code: Code = ""
    order_type: InboundType | None = None
    pre_delivery_order_code: Code = ""
    pre_delivery_order_id: Code = ""
    logistics_code: Code = ""
    logistics_name: Words = ""
    express_code: Code = ""
    return_reason: Long = ""
    buyer_nick: Words = ""
    sender_info: Party | None = None
    total_order_lines: Number | None = None
    out_biz_code: Words = ""
    status: InboundState | None = None
    confirm_type: Number | None = None
    order_confirm_time: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReturnCreate(Part):
    """`returnorder.create`."""

    return_order: ReturnOrder
    order_lines: AskedLines


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReturnConfirm(Part):
    """`returnorder.confirm`."""

    return_order: ReturnOrder
    order_lines: ConfirmedLines = ()
