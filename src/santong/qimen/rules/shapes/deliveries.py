"""Goods that go out: to buyers, to other companies, to other places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import OutboundState, OutboundType
from santong.qimen.rules.marks import (
    Code,
    Fen,
    Flag,
    Instant,
    Long,
    Many,
    Number,
    Part,
    SignedFen,
    Words,
)
from santong.qimen.rules.shapes.common import (
    AskedLines,
    ConfirmedLines,
    Insurance,
    Invoice,
    Packages,
    Party,
    RelatedOrder,
    Requirements,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeliveryOrder(Part):
    """An order of a buyer, as a warehouse is asked to send it."""

    delivery_order_code: Code
    pre_delivery_order_code: Code = ""
    pre_delivery_order_id: Code = ""
    order_type: OutboundType
    warehouse_code: Code
    order_flag: Words = ""
    source_platform_code: Code = ""
    source_platform_name: Words = ""
    create_time: Instant
    place_order_time: Instant
    pay_time: Instant | None = None
    pay_no: Words = ""
    operator_code: Code = ""
    operator_name: Words = ""
    operate_time: Instant
    shop_nick: Words
    seller_nick: Words = ""
    buyer_nick: Words = ""
    total_amount: SignedFen | None = None
    item_amount: SignedFen | None = None
    discount_amount: SignedFen | None = None
    freight: Fen | None = None
    ar_amount: Fen | None = None
    got_amount: Fen | None = None
    service_fee: Fen | None = None
    logistics_code: Code
    logistics_name: Words = ""
    express_code: Code = ""
    delivery_requirements: Requirements | None = None
    sender_info: Party
    receiver_info: Party
    is_urgency: Flag | None = None
    invoice_flag: Flag | None = None
    invoices: Annotated[tuple[Invoice, ...], Many("invoices", "invoice")] = ()
    insurance_flag: Flag | None = None
    insurance: Insurance | None = None
    buyer_message: Long = ""
    seller_message: Long = ""
    service_code: Code = ""
    latest_collection_time: Instant | None = None
    latest_delivery_time: Instant | None = None
    total_order_lines: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeliveryCreate(Part):
    """`deliveryorder.create`."""

    delivery_order: DeliveryOrder
    order_lines: AskedLines


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SentOrder(Part):
    """What a warehouse says of what it has sent."""

    delivery_order_code: Code
    delivery_order_id: Code = ""
    warehouse_code: Code = ""
    owner_code: Code = ""
    order_type: OutboundType | None = None
    status: OutboundState | None = None
    out_biz_code: Words = ""
    confirm_type: Number | None = None
    order_confirm_time: Instant | None = None
    operator_code: Code = ""
    operator_name: Words = ""
    operate_time: Instant | None = None
    logistics_code: Code = ""
    express_code: Code = ""
    storage_fee: Fen | None = None
    total_order_lines: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeliveryConfirm(Part):
    """`deliveryorder.confirm`, and one order of `deliveryorder.batchconfirm`."""

    delivery_order: SentOrder
    packages: Packages = ()
    order_lines: ConfirmedLines = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeliveryBatchConfirm(Part):
    """`deliveryorder.batchconfirm`."""

    orders: Annotated[tuple[DeliveryConfirm, ...], Many("orders", "order")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutOrder(Part):
    """Goods that leave for no buyer: wholesale, transfer, return to a supplier."""

    delivery_order_code: Code
    order_type: OutboundType
    warehouse_code: Code
    related_orders: Annotated[tuple[RelatedOrder, ...], Many("relatedOrders", "relatedOrder")] = ()
    create_time: Instant | None = None
    schedule_date: Code = ""
    logistics_code: Code = ""
    logistics_name: Words = ""
    supplier_code: Code = ""
    supplier_name: Words = ""
    transport_mode: Code = ""
    sender_info: Party | None = None
    receiver_info: Party | None = None
    total_order_lines: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutCreate(Part):
    """`stockout.create`."""

    delivery_order: OutOrder
    order_lines: AskedLines


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutConfirm(Part):
    """`stockout.confirm`."""

    delivery_order: SentOrder
    packages: Packages = ()
    order_lines: ConfirmedLines = ()
