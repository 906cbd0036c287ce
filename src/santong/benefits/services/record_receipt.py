"""A supplier has delivered."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.models import SupplyRequest
from santong.benefits.models.sealing import receipt_place
from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def record_receipt(*, merchant_id: int, request_id: int, receipt: str, now: datetime) -> bool:
    """Keep what a supplier delivered, sealed, once; False where the request is settled already.

    Raises NoSuch. Locks the request.
    """
    rows = SupplyRequest.objects.of_merchant(merchant_id).filter(id=request_id)
    row: SupplyRequest | None = rows.lock().first()
    if row is None:
        raise NoSuch(kind="supply request", key=str(request_id))
    sealed = crypto.encrypt(
        merchant_id=merchant_id,
        plain=receipt.encode(),
        place=receipt_place(coupon_id=row.coupon_id),
    )
    changed = rows.filter(state="pending").update(
        state="done", next_at=None, receipt_sealed=sealed, error="", done_at=now
    )
    return changed > 0
