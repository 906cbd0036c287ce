"""How long an order may stay unpaid."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.orders.contracts import UnpaidPolicy

# Long enough for a bank's second factor; the grace catches a payment whose notice is late.
DEFAULT_POLICY = UnpaidPolicy(storefront_id=None, hold_minutes=30, grace_minutes=15)
LONGEST_HOLD_MINUTES = 60 * 24 * 30


def hold_until(*, policy: UnpaidPolicy, now: datetime) -> datetime:
    """Until when stock is held for an order that is placed now."""
    return now + timedelta(minutes=policy.hold_minutes)


def give_up_at(*, policy: UnpaidPolicy, now: datetime) -> datetime:
    """When an order that is placed now is cancelled if it is still unpaid."""
    return now + timedelta(minutes=policy.hold_minutes + policy.grace_minutes)
