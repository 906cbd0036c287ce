"""The first thing that every change of an order does."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.orders import contracts
from santong.orders.models import Order, OrderLine

Lines = tuple[contracts.OrderLine, ...]

# Every change of every order sends these two; to build them anew each time costs more than to run
# them. `MerchantQuerySet.lock` says why the key is left alone.
_TAKE = "SELECT * FROM orders_order WHERE merchant_id = %s AND id = %s FOR NO KEY UPDATE"
_LINES = "SELECT * FROM orders_orderline WHERE merchant_id = %s AND order_id = %s ORDER BY number"


def lock_order(*, merchant_id: int, order_id: int) -> tuple[Order, Lines]:
    """Take an order until the transaction ends, and read its lines. Always before stock levels.

    Raises NoSuch.
    """
    row = next(iter(Order.objects.raw(_TAKE, [merchant_id, order_id])), None)
    if row is None:
        raise NoSuch(kind="order", key=str(order_id))
    lines = OrderLine.objects.raw(_LINES, [merchant_id, order_id])
    return row, tuple(line.as_contract() for line in lines)
