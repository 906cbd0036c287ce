"""A supplier has not delivered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.benefits.errors import CouponStatePassed
from santong.benefits.models import SupplyRequest
from santong.benefits.services.void import void
from santong.kernel.errors import NoSuch
from santong.kernel.nameless import without_persons
from santong.kernel.tenancy import all_or_nothing

TRIES_MAX = 8


@all_or_nothing
def record_failure(*, merchant_id: int, request_id: int, error: str, now: datetime) -> bool:
    """Note why a supplier did not deliver; after eight tries the coupon is void.

    True once it is over. Raises NoSuch. Emits CouponVoided. Locks the request, then the coupon.
    """
    rows = SupplyRequest.objects.of_merchant(merchant_id).filter(id=request_id)
    row: SupplyRequest | None = rows.lock().first()
    if row is None:
        raise NoSuch(kind="supply request", key=str(request_id))
    if row.state != "pending":
        return row.state == "failed"
    rows.update(error=without_persons(error)[:200])
    if row.attempts < TRIES_MAX:
        return False
    rows.update(state="failed", next_at=None, done_at=now)
    try:
        with transaction.atomic():
            void(
                merchant_id=merchant_id,
                coupon_id=row.coupon_id,
                reason="the supplier did not deliver",
                key=f"supply/{row.id}",
                now=now,
            )
    except CouponStatePassed:
        pass  # it ended by itself meanwhile
    return True
