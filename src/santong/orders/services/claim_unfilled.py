"""Take an order to find the rest of its stock."""

from __future__ import annotations

from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.selectors.unfilled import unfilled_of
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def claim_unfilled(*, merchant_id: int, order_id: int) -> tuple[contracts.Order, dict[int, int]]:
    """An order that stands still until the transaction ends, and what it is short of, by line.

    Nobody cancels, ships or fills it meanwhile. Raises NoSuch. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    order = row.as_contract(lines=lines)
    return order, unfilled_of(merchant_id=merchant_id, order=order)
