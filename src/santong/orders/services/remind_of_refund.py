"""What an order owes its buyer is said once more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders.events import RefundOwed
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def remind_of_refund(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Tell again what is owed in all: some of it could not go back when it was told first.

    Raises NoSuch. Emits RefundOwed. Locks the order.
    """
    row, _ = lock_order(merchant_id=merchant_id, order_id=order_id)
    if not row.refund_due_minor:
        return
    outbox.publish(
        RefundOwed(
            order_id=row.id,
            why="cancelled" if row.state == "cancelled" else "overpaid",
            currency=row.currency,
            amount_minor=0,
            owed_minor=row.refund_due_minor,
        ),
        now=now,
    )
