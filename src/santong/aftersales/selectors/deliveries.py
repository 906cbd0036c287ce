"""Since when a buyer has what they bought."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import public as fulfilment
from santong.orders import public as orders

_SAID = frozenset({"orders.record_delivered", "orders.record_collected"})


def delivered_at_by_line(*, merchant_id: int, order: orders.Order) -> dict[int, datetime]:
    """When the last of each line reached the buyer, of lines of which anything has.

    What the places' work says; of an order that was told by its channel alone, the trail.
    """
    found: dict[int, datetime] = {}
    for work in fulfilment.work_of(merchant_id=merchant_id, order_id=order.id):
        if work.delivered_at is None:
            continue
        for line in work.lines:
            before = found.get(line.order_line_id)
            found[line.order_line_id] = max(work.delivered_at, before or work.delivered_at)
    missing = [line for line in order.lines if line.delivered_quantity and line.id not in found]
    if missing:
        at = _told_at(merchant_id, order)
        found |= {line.id: at for line in missing}
    return found


def _told_at(merchant_id: int, order: orders.Order) -> datetime:
    told = [
        entry.at
        for entry in orders.timeline_of(merchant_id=merchant_id, order_id=order.id)
        if entry.name in _SAID
    ]
    return told[-1] if told else order.placed_at
