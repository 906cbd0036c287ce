"""A paused batch gives out again."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.services.step_batch import step_batch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def resume_batch(
    *, merchant_id: int, batch_id: int, reason: str = "resumed", now: datetime
) -> contracts.Batch:
    """Let a paused batch be claimed again.

    Raises BatchStatePassed, NoSuch. Emits BatchChanged. Locks the batch.
    """
    row = step_batch(
        merchant_id=merchant_id,
        batch_id=batch_id,
        start=("paused",),
        to="active",
        reason=reason,
        now=now,
    )
    return row.as_contract()
