"""What qimen does when it hears facts: systems that send for us, or want to know, are told."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.events import (
    FulfilmentDeclined,
    FulfilmentOffered,
    FulfilmentReassigned,
    ParcelHandedOver,
)
from santong.inventory.events import (
    StockAdjusted,
    StockConsumed,
    StockCounted,
    StockReceived,
    TillSaleRecorded,
)
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled
from santong.qimen.services.hand_work_over import (
    hand_work_over,
    withdraw_declined,
    withdraw_order,
)
from santong.qimen.services.tell_shipped import tell_shipped
from santong.qimen.services.tell_stock import note_stock_change


@subscribe(FulfilmentOffered)
def ask_to_send(fact: FulfilmentOffered, *, merchant_id: int, now: datetime) -> None:
    """A place is to send an order: if another system sends for it, that is asked."""
    hand_work_over(merchant_id=merchant_id, work_id=fact.fulfilment_order_id, now=now)


@subscribe(FulfilmentDeclined, FulfilmentReassigned)
def ask_no_longer(
    fact: FulfilmentDeclined | FulfilmentReassigned, *, merchant_id: int, now: datetime
) -> None:
    """Somebody else sends it: whoever was asked before is told, if nothing is left for them."""
    withdraw_declined(
        merchant_id=merchant_id,
        work_id=fact.fulfilment_order_id,
        reason=fact.reason,
        now=now,
    )


@subscribe(OrderCancelled)
def give_up(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """An order is given up: whoever was to send it is told."""
    if fact.is_whole:
        withdraw_order(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(ParcelHandedOver)
def confirm(fact: ParcelHandedOver, *, merchant_id: int, now: datetime) -> None:
    """A parcel has left: whoever handed the order over to us is told."""
    tell_shipped(
        merchant_id=merchant_id,
        order_id=fact.order_id,
        parcel_id=fact.parcel_id,
        location_id=fact.location_id,
        carrier=fact.carrier,
        tracking_number=fact.tracking_number,
        quantity_by_line=fact.quantity_by_line,
        now=now,
    )


@subscribe(StockReceived, StockAdjusted, StockCounted, TillSaleRecorded)
def note_change(
    fact: StockReceived | StockAdjusted | StockCounted | TillSaleRecorded,
    *,
    merchant_id: int,
    now: datetime,
) -> None:
    """Stock has changed: systems that want to know are told, but not whoever told us."""
    note_stock_change(
        merchant_id=merchant_id,
        location_id=fact.location_id,
        delta_by_sku={sku.sku_id: sku.delta for sku in fact.skus},
        reason=fact.reason if isinstance(fact, StockReceived | StockAdjusted) else "",
        holder="",
        now=now,
    )


@subscribe(StockConsumed)
def note_sale(fact: StockConsumed, *, merchant_id: int, now: datetime) -> None:
    """Goods have left under a promise."""
    delta_by_sku: dict[int, int] = {}
    for line in fact.lines:
        delta_by_sku[line.sku_id] = delta_by_sku.get(line.sku_id, 0) - line.quantity
    note_stock_change(
        merchant_id=merchant_id,
        location_id=fact.location_id,
        delta_by_sku=delta_by_sku,
        reason="",
        holder=fact.holder,
        now=now,
    )
