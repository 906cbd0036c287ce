"""Giving up orders that nobody has paid."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.models import Order, OrderLine
from santong.orders.services.give_up import give_up


@all_or_nothing
def expire_unpaid(*, merchant_id: int, now: datetime, limit: int = 500) -> int:
    """Cancel unpaid orders whose hold and grace have run out; how many.

    Of what was paid for them stays what was agreed to be kept (`extend_hold`); the rest goes back.
    Orders that somebody else is changing at this moment wait for the next round.

    Emits OrderCancelled, MoneyForfeited, RefundOwed. Locks the orders, members whose points
    paid for them, then stock levels.
    """
    due = (
        Order.objects.of_merchant(merchant_id)
        .filter(state="placed", give_up_at__lte=now)
        .order_by("give_up_at", "id")
    )
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    if not rows:
        return 0
    lines_by_order: dict[int, list[contracts.OrderLine]] = defaultdict(list)
    lines = OrderLine.objects.of_merchant(merchant_id).filter(order__in=[row.id for row in rows])
    for line in lines.order_by("order_id", "number"):
        lines_by_order[line.order_id].append(line.as_contract())
    give_up(
        [(row, tuple(lines_by_order[row.id])) for row in rows],
        why="unpaid",
        reason="unpaid when its hold and grace had run out",
        now=now,
    )
    return len(rows)
