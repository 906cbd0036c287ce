"""What is said of documents that are there: cancelled, suspended, how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import OrderType, PendOrRestore, ProcessState
from santong.qimen.rules.marks import Code, Count, Instant, Long, Many, Number, Part, Words


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cancel(Part):
    """`order.cancel`."""

    warehouse_code: Code = ""
    owner_code: Code = ""
    order_code: Code
    order_id: Code = ""
    order_type: OrderType | None = None
    cancel_reason: Long = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pending(Part):
    """`order.pending`."""

    action_type: PendOrRestore
    warehouse_code: Code = ""
    owner_code: Code = ""
    order_code: Code
    order_id: Code = ""
    order_type: OrderType | None = None
    reason: Long = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportedOrder(Part):
    """Which document a step is of."""

    order_code: Code
    order_id: Code = ""
    order_type: OrderType | None = None
    warehouse_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step(Part):
    """How far a document is."""

    process_status: ProcessState
    operator_code: Code = ""
    operator_name: Words = ""
    operate_time: Instant | None = None
    operate_info: Long = ""
    express_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProcessReport(Part):
    """`orderprocess.report`."""

    order: ReportedOrder
    process: Step


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProcessQuery(Part):
    """`orderprocess.query`."""

    order_type: OrderType | None = None
    order_code: Code
    order_id: Code = ""
    warehouse_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProcessHistory(Part):
    """What `orderprocess.query` answers."""

    order_code: Code
    order_id: Code = ""
    order_type: OrderType | None = None
    warehouse_code: Code = ""
    processes: Annotated[tuple[Step, ...], Many("processes", "process")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DocumentQuery(Part):
    """`deliveryorder.query`, `entryorder.query`, `returnorder.query`, `stockout.query`."""

    owner_code: Code = ""
    warehouse_code: Code = ""
    order_code: Code = ""
    order_id: Code = ""
    delivery_order_code: Code = ""
    delivery_order_id: Code = ""
    entry_order_code: Code = ""
    entry_order_id: Code = ""
    return_order_code: Code = ""
    return_order_id: Code = ""
    order_source_code: Code = ""
    page: Number = 1
    page_size: Number = 100

    @property
    def code(self) -> str:
        """By which the document is asked for, whatever it is called."""
        return (
            self.order_code
            or self.delivery_order_code
            or self.entry_order_code
            or self.return_order_code
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OrderException(Part):
    """`orderexception.report`."""

    warehouse_code: Code = ""
    order_type: OrderType | None = None
    delivery_order_code: Code
    delivery_order_id: Code = ""
    out_biz_code: Words = ""
    operator_name: Words = ""
    operate_time: Instant | None = None
    message_type: Code = ""
    message_desc: Long = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LackingItem(Part):
    """What a warehouse has not got of a line."""

    item_code: Code
    item_id: Code = ""
    inventory_type: Code = ""
    batch_code: Code = ""
    plan_qty: Count | None = None
    lack_qty: Count
    reason: Long = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ItemLack(Part):
    """`itemlack.report`."""

    warehouse_code: Code = ""
    delivery_order_code: Code
    delivery_order_id: Code = ""
    create_time: Instant | None = None
    out_biz_code: Words = ""
    items: Annotated[tuple[LackingItem, ...], Many("items", "item")]
