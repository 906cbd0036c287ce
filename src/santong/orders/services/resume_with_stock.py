"""A paid order that has found its stock after all."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import StatePassed
from santong.orders.events import OrderPaid
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def resume_with_stock(
    *, merchant_id: int, order_id: int, reason: str, now: datetime
) -> contracts.Order:
    """Let work begin on an order that was paid without stock; whoever calls has made it firm.

    Resumed twice is resumed once. Raises NoSuch, StatePassed. Emits OrderPaid. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.state == "paid":
        return row.as_contract(lines=lines)
    if row.state != "paid_without_stock":
        raise StatePassed(order_id=str(order_id), state=row.state, wanted="paid")
    row.state = "paid"
    row.save(update_fields=["state"])
    audit.record(
        audit.Change(
            action="orders.resume",
            subject="order",
            subject_id=row.id,
            reason=reason,
            before={"state": "paid_without_stock"},
            after={"state": row.state},
        ),
        now=now,
    )
    outbox.publish(
        OrderPaid(
            order_id=row.id,
            currency=row.currency,
            total_minor=row.total_minor,
            paid_minor=row.paid_minor,
            paid_at=row.paid_at or now,
        ),
        now=now,
    )
    return row.as_contract(lines=lines)
