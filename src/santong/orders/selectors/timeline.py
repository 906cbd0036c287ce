"""What happened to an order."""

from __future__ import annotations

from santong.kernel import audit, outbox
from santong.orders.contracts import TimelineEntry
from santong.orders.selectors.orders import order_by_id, payments_of

# The payment itself stands in the timeline.
SHOWN_AS_PAYMENT = frozenset({"orders.payment_told.v1"})


def timeline_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None = None
) -> list[TimelineEntry]:
    """Changes from the audit trail, facts from the log, and payments, oldest first.

    The trail is kept for ever; facts leave the log some time after everybody has read them.

    Raises NoSuch.
    """
    order = order_by_id(merchant_id=merchant_id, order_id=order_id, location_ids=location_ids)
    changes = audit.trail_of(merchant_id=merchant_id, subject="order", subject_ids=[order_id])
    told = outbox.told_of(merchant_id=merchant_id, aggregate=f"order_id:{order_id}")
    entries = [
        TimelineEntry(
            at=order.placed_at,
            kind="change",
            name="orders.placed_by_buyer",
            actor="buyer:",
            reason="",
            details={},
        ),
        *(
            TimelineEntry(
                at=change.at,
                kind="change",
                name=change.action,
                actor=f"{change.actor_kind}:{change.actor_name}",
                reason=change.reason,
                details={"before": dict(change.before), "after": dict(change.after)},
                number=change.number,
            )
            for change in changes
        ),
        *(
            TimelineEntry(
                at=fact.at,
                kind="fact",
                name=fact.name,
                actor=fact.actor,
                reason="",
                details=dict(fact.body),
            )
            for fact in told
            if fact.name not in SHOWN_AS_PAYMENT
        ),
        *(
            TimelineEntry(
                at=payment.at,
                kind="payment",
                name=payment.kind,
                actor=payment.provider,
                reason=payment.external_id,
                details={"amount_minor": payment.amount_minor, "currency": payment.currency},
            )
            for payment in payments_of(merchant_id=merchant_id, order_id=order_id)
        ),
    ]
    return sorted(entries, key=lambda entry: entry.at)
