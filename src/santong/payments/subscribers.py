"""What payments does when it hears of orders: money that came another way, and that goes back."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, PaymentTold, RefundOwed
from santong.payments.services.cancel_intent import cancel_intents_of
from santong.payments.services.record_external import record_external
from santong.payments.services.refund_up_to import refund_up_to


@subscribe(PaymentTold)
def book_external(fact: PaymentTold, *, merchant_id: int, now: datetime) -> None:
    """A channel collected it, and told the order."""
    record_external(
        merchant_id=merchant_id,
        document=f"order:{fact.order_id}",
        collected_by=fact.collected_by,
        number=fact.number,
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        paid_at=fact.paid_at,
        now=now,
    )


@subscribe(RefundOwed)
def give_back(fact: RefundOwed, *, merchant_id: int, now: datetime) -> None:
    """What is owed goes back along the tenders by which it came in."""
    refund_up_to(
        merchant_id=merchant_id,
        document=f"order:{fact.order_id}",
        due_minor=fact.owed_minor,
        currency=fact.currency,
        reason=fact.why,
        now=now,
    )


@subscribe(OrderCancelled)
def ask_no_longer(fact: OrderCancelled, *, merchant_id: int, now: datetime) -> None:
    """Nobody is asked to pay for what will not come."""
    if fact.is_whole:
        cancel_intents_of(
            merchant_id=merchant_id,
            document=f"order:{fact.order_id}",
            reason="order cancelled",
            now=now,
        )
