"""Taking an order for a decision of somebody above, who writes rows of their own with it."""

from __future__ import annotations

from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def claim_order(*, merchant_id: int, order_id: int) -> contracts.Order:
    """Take an order until the caller's transaction ends, and read it as it stands.

    Raises NoSuch. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    return row.as_contract(lines=lines)
