"""A batch gives out nothing more."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.selectors.statements import run
from santong.benefits.services.lock_slots import lock_slots
from santong.benefits.services.step_batch import step_batch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_FREE = Statement("""
UPDATE benefits_supply SET committed = committed - %(left)s::int
WHERE merchant_id = %(merchant)s AND id = %(supply)s AND kind = 'codes'
RETURNING id
""")


@all_or_nothing
def end_batch(
    *, merchant_id: int, batch_id: int, reason: str = "ended", now: datetime
) -> contracts.Batch:
    """End a batch for good; what members have can still be used, and unused codes are free again.

    Raises BatchStatePassed, NoSuch. Emits BatchChanged. Locks the batch, its slots, its supply.
    """
    row = step_batch(
        merchant_id=merchant_id,
        batch_id=batch_id,
        start=("draft", "approved", "active", "paused"),
        to="ended",
        reason=reason,
        now=now,
    )
    slots = lock_slots(merchant_id=merchant_id, batch_id=batch_id)
    if row.supply_id is not None and row.limit_total is not None and slots:
        left = sum(slot.quota - slot.used for slot in slots)
        run(_FREE, {"merchant": merchant_id, "supply": row.supply_id, "left": left})
    return row.as_contract()
