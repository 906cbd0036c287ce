"""What payments does when it hears of orders: money that came another way, and that goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.kernel.facts import subscribe
from santong.orders.events import OrderCancelled, PaymentTold, RefundOwed
from santong.payments.events import DisputeChanged
from santong.payments.services.cancel_intent import cancel_intents_of
from santong.payments.services.give_up_refund import give_up_beyond
from santong.payments.services.record_external import record_external
from santong.payments.services.refund_up_to import refund_up_to
from santong.payments.services.retry_refund import retry_refunds_of


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


@subscribe(DisputeChanged)
def end_what_waited_for_it(fact: DisputeChanged, *, merchant_id: int, now: datetime) -> None:
    """Refunds that failed for a dispute: won, they are tried again; lost, the buyer has it."""
    about: dict[str, Any] = {"merchant_id": merchant_id, "document": fact.document, "now": now}
    if fact.state == "won":
        retry_refunds_of(currency=fact.currency, reason="the dispute was won", **about)
    elif fact.state == "lost":
        give_up_beyond(currency=fact.currency, reason="the dispute was lost", **about)


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
