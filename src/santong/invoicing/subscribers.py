"""What invoicing does when it hears that money goes back: invoices follow."""

from __future__ import annotations

from datetime import datetime

from santong.invoicing.services.follow_money import follow_money
from santong.invoicing.services.open_sale import STORED_VALUE
from santong.kernel.facts import subscribe
from santong.orders import public as orders
from santong.orders.events import OrderCancelled, RefundOwed
from santong.payments import public as payments
from santong.payments.events import RefundDone


@subscribe(OrderCancelled)
def follow_cancellation(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """What is not sold has no invoice."""
    follow_money(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(RefundDone)
def follow_refund(fact: RefundDone, *, merchant_id: int, now: datetime) -> None:
    """Money went back along a tender; cards whose sale was invoiced are on no invoice of ours."""
    order_id = orders.order_of_document(document=fact.document)
    if order_id is None:
        return
    tender = payments.tender_by_id(merchant_id=merchant_id, tender_id=fact.tender_id)
    if tender.method in STORED_VALUE:
        return
    follow_money(
        merchant_id=merchant_id,
        order_id=order_id,
        refund_key=f"refund:{fact.part_id}",
        refunded_minor=fact.amount_minor,
        now=now,
    )


@subscribe(RefundOwed)
def follow_refund_due(fact: RefundOwed, *, merchant_id: int, now: datetime) -> None:
    """The same, told once more: what has to go back is read from the order."""
    follow_money(merchant_id=merchant_id, order_id=fact.order_id, now=now)
