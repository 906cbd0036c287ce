"""Nobody can claim for a while."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.services.step_batch import step_batch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def pause_batch(
    *, merchant_id: int, batch_id: int, reason: str = "paused", now: datetime
) -> contracts.Batch:
    """Stop a batch for a while; what members have can still be used.

    Raises BatchStatePassed, NoSuch. Emits BatchChanged. Locks the batch.
    """
    row = step_batch(
        merchant_id=merchant_id,
        batch_id=batch_id,
        start=("active",),
        to="paused",
        reason=reason,
        now=now,
    )
    return row.as_contract()
