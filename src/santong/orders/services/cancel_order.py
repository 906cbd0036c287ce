"""Giving an order up because somebody asks for it."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import AlreadyShipped
from santong.orders.services.give_up import give_up
from santong.orders.services.lock_order import lock_order

LONGEST_REASON = 500


@all_or_nothing
def cancel_order(
    *, merchant_id: int, order_id: int, reason: str, now: datetime, forfeit_minor: int = 0
) -> contracts.Order:
    """Cancel all of an order that has not been shipped; cancelled twice is cancelled once.

    Its stock is free again, and what was paid for it is to go back, but for `forfeit_minor` of it
    that the buyer has agreed to lose.

    Raises NoSuch, FieldInvalid, AlreadyShipped. Emits OrderCancelled, MoneyForfeited, RefundOwed.
    Locks the order, then stock levels.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    if forfeit_minor < 0:
        raise FieldInvalid(pointer="/forfeit_minor", reason="nothing or more")
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.state == "cancelled":
        return row.as_contract(lines=lines)
    if not any(line.open_quantity for line in lines):
        raise AlreadyShipped(order_id=str(order_id))
    (given_up,) = give_up(
        [(row, lines)], why="asked", reason=reason, now=now, forfeit_minor=forfeit_minor
    )
    return given_up
