"""The first thing that every change of an order does."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.orders import contracts
from santong.orders.models import Order

Lines = tuple[contracts.OrderLine, ...]


def lock_order(*, merchant_id: int, order_id: int) -> tuple[Order, Lines]:
    """Take an order until the transaction ends, and read its lines. Always before stock levels.

    Raises NoSuch.
    """
    row: Order | None = Order.objects.of_merchant(merchant_id).filter(id=order_id).lock().first()
    if row is None:
        raise NoSuch(kind="order", key=str(order_id))
    lines = row.lines.filter(merchant_id=merchant_id).order_by("number")
    return row, tuple(line.as_contract() for line in lines)
