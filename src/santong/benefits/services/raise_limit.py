"""A running batch may give out more."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.errors import BatchStatePassed, SupplyMissing
from santong.benefits.models import Batch
from santong.benefits.rules.slots import rebalanced
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.services.activate_batch import set_aside
from santong.benefits.services.lock_slots import lock_slots, set_quotas
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def raise_limit(
    *, merchant_id: int, batch_id: int, limit_total: int, reason: str, now: datetime
) -> int:
    """Let a running batch give out more in all, and say how many now.

    Raises FieldInvalid, BatchStatePassed, SupplyMissing, NoSuch. Locks the batch, slots, supply.
    """
    check_prose(reason)
    row: Batch | None = Batch.objects.of_merchant(merchant_id).filter(id=batch_id).lock().first()
    row = row or batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    if row.state not in ("active", "paused"):
        raise BatchStatePassed(batch_id=batch_id, state=row.state, wanted="active")
    if row.limit_total is None or limit_total <= row.limit_total:
        raise FieldInvalid(pointer="/limit_total", reason="not more than before")
    more = limit_total - row.limit_total
    slots = lock_slots(merchant_id=merchant_id, batch_id=batch_id)
    set_quotas(
        merchant_id=merchant_id,
        batch_id=batch_id,
        quota_by_slot=rebalanced(slots, more=more),
    )
    if row.supply is not None and row.supply.kind == "codes" and not set_aside(row, wanted=more):
        raise SupplyMissing(batch_id=batch_id, reason="too few codes")
    audit.record(
        audit.Change(
            action="benefits.raise_limit",
            subject="benefit_batch",
            subject_id=batch_id,
            reason=reason,
            before={"limit_total": row.limit_total},
            after={"limit_total": limit_total},
        ),
        now=now,
    )
    row.limit_total = limit_total
    row.save(update_fields=["limit_total"])
    return limit_total
