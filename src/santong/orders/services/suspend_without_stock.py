"""A paid order of which something is promised from nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import StatePassed
from santong.orders.events import PaidWithoutStock
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def suspend_without_stock(
    *,
    merchant_id: int,
    order_id: int,
    short_by_line: Mapping[int, int],
    reason: str,
    now: datetime,
) -> contracts.Order:
    """Say that a paid order is short of stock; said again, it tells what is short now.

    Raises NoSuch, StatePassed. Emits PaidWithoutStock. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.state not in {"paid", "paid_without_stock"}:
        raise StatePassed(order_id=str(order_id), state=row.state, wanted="paid_without_stock")
    before, row.state = row.state, "paid_without_stock"
    row.save(update_fields=["state"])
    audit.record(
        audit.Change(
            action="orders.suspend",
            subject="order",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state, "short_by_line": dict(short_by_line)},
        ),
        now=now,
    )
    outbox.publish(
        PaidWithoutStock(
            order_id=row.id,
            currency=row.currency,
            total_minor=row.total_minor,
            paid_minor=row.paid_minor,
            short_by_line=dict(short_by_line),
        ),
        now=now,
    )
    return row.as_contract(lines=lines)
