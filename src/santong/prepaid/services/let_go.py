"""What both a release and a capture that comes too late do: nothing is kept any more."""

from __future__ import annotations

from datetime import datetime

from santong.payments import public as payments
from santong.prepaid.models import Use


def let_go(row: Use, *, reason: str, now: datetime) -> None:
    """End what a payment of a locked card keeps: the old lots, with the ends that they had."""
    for hold_id in (row.principal_hold_id, row.bonus_hold_id):
        if hold_id is not None:
            payments.release(merchant_id=row.merchant_id, hold_id=hold_id, reason=reason, now=now)
    row.state, row.ended_at, row.reason = "released", now, reason
    row.save(update_fields=["state", "ended_at", "reason"])
