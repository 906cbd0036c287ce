"""What invoicing does when it hears that money goes back: invoices follow."""

from __future__ import annotations

from datetime import datetime

from santong.invoicing.services.follow_money import follow_money
from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, RefundDue


@subscribe(OrderCancelled)
def follow_cancellation(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """What is not sold has no invoice."""
    follow_money(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(RefundDue)
def follow_refund_due(fact: RefundDue, *, merchant_id: int, now: datetime) -> None:
    """The same, told once more: what has to go back is read from the order."""
    follow_money(merchant_id=merchant_id, order_id=fact.order_id, now=now)
