"""What somebody has to look at, because it did not reach whom it was for."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import facts
from santong.kernel.models import OutboxEvent, OutboxParked


def dead_fact(merchant_id: int, order_id: int, now: datetime) -> int:
    """A fact of an order that somebody refused too often; the id of it."""
    event = OutboxEvent.objects.filter(
        merchant_id=merchant_id, aggregate=f"order_id:{order_id}"
    ).first()
    assert event is not None
    parked = OutboxParked.objects.create(
        merchant_id=merchant_id,
        subscriber=next(iter(facts.subscribers())),
        event=event,
        aggregate=event.aggregate,
        attempts=12,
        next_at=now,
        is_dead=True,
        error="Traceback\nValueError: a number is missing",
    )
    return parked.id
