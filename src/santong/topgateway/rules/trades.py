"""How far an order has come, in the words of trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from santong.orders import public as orders

WAIT_PAY: Final = "WAIT_BUYER_PAY"
WAIT_SEND: Final = "WAIT_SELLER_SEND_GOODS"
PART_SENT: Final = "SELLER_CONSIGNED_PART"
WAIT_CONFIRM: Final = "WAIT_BUYER_CONFIRM_GOODS"
FINISHED: Final = "TRADE_FINISHED"
CLOSED: Final = "TRADE_CLOSED"
CLOSED_UNPAID: Final = "TRADE_CLOSED_BY_TAOBAO"

Status = Literal[
    "WAIT_BUYER_PAY",
    "WAIT_SELLER_SEND_GOODS",
    "SELLER_CONSIGNED_PART",
    "WAIT_BUYER_CONFIRM_GOODS",
    "TRADE_FINISHED",
    "TRADE_CLOSED",
    "TRADE_CLOSED_BY_TAOBAO",
]

STATES_BY_STATUS: Final[Mapping[Status, tuple[orders.State, ...]]] = {
    WAIT_PAY: ("placed",),
    WAIT_SEND: ("paid", "paid_without_stock"),
    PART_SENT: ("partly_shipped",),
    WAIT_CONFIRM: ("shipped",),
    FINISHED: ("delivered",),
    CLOSED: ("cancelled",),
    CLOSED_UNPAID: ("cancelled",),
}
_STATUS_BY_STATE: Final[Mapping[orders.State, Status]] = {
    "placed": WAIT_PAY,
    "paid": WAIT_SEND,
    "paid_without_stock": WAIT_SEND,
    "partly_shipped": PART_SENT,
    "shipped": WAIT_CONFIRM,
    "delivered": FINISHED,
    "cancelled": CLOSED,
}


def status_of(order: orders.Order) -> Status:
    """A trade that was never paid has been closed by the platform, not by a refund."""
    if order.state == "cancelled" and not order.paid_minor:
        return CLOSED_UNPAID
    return _STATUS_BY_STATE[order.state]


def line_status_of(order: orders.Order, line: orders.OrderLine) -> Status:
    """A line has its own status, once some of the lines have left."""
    if line.cancelled_quantity == line.quantity:
        return CLOSED if order.paid_minor else CLOSED_UNPAID
    if line.delivered_quantity and not line.open_quantity:
        return FINISHED
    if line.shipped_quantity:
        return PART_SENT if line.open_quantity else WAIT_CONFIRM
    whole = status_of(order)
    return WAIT_SEND if whole in {PART_SENT, WAIT_CONFIRM, FINISHED} else whole
