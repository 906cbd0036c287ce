"""What was to be sent instead is not sent after all."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.models import Case, Replacement
from santong.orders import public as orders


def give_up_replacements(case: Case, *, reason: str, now: datetime) -> None:
    """Cancel the orders that a case made and that have not left. The case is locked.

    Raises AlreadyShipped. Emits OrderCancelled. Locks orders, then stock levels.
    """
    rows = Replacement.objects.of_merchant(case.merchant_id).filter(
        case=case.id, is_given_up=False, is_delivered=False
    )
    for row in rows.order_by("number"):
        row.is_given_up = True
        row.save(update_fields=["is_given_up"])
        orders.cancel_order(
            merchant_id=case.merchant_id,
            order_id=row.order_id,
            reason=f"case {case.number}: {reason}"[:500],
            now=now,
        )
