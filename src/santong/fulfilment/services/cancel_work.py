"""An order was cancelled: what has not left is not sent."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment.models import ExceptionCase, FulfilmentOrder
from santong.fulfilment.rules.states import LIVE
from santong.fulfilment.services.accept import answer_offer
from santong.fulfilment.services.end_case import close_row
from santong.fulfilment.services.work import step
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def cancel_work(*, merchant_id: int, order_id: int, reason: str, now: datetime) -> int:
    """End all work on an order that has not left its place, and its open cases; say how much.

    The order has released the stock. Emits ExceptionClosed. Locks the work.
    """
    rows = list(
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .filter(order_id=order_id, state__in=[*LIVE, "exception"])
        .lock()
    )
    for row in rows:
        row.closed_at = now
        step(row, to="cancelled", reason=reason, now=now, changed=["closed_at"])
        answer_offer(
            merchant_id=merchant_id, row_id=row.id, answer="withdrawn", reason=reason, now=now
        )
    cases = ExceptionCase.objects.of_merchant(merchant_id).filter(
        order_id=order_id, closed_at__isnull=True
    )
    for case in cases.lock():
        close_row(case, resolution="cancelled", note=reason, now=now)
    return len(rows)
