"""Somebody else says that a batch is right."""

from __future__ import annotations

from datetime import datetime

from santong.benefits import contracts
from santong.benefits.errors import SecondPersonNeeded
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.selectors.statements import signature
from santong.benefits.services.step_batch import step_batch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def approve_batch(
    *, merchant_id: int, batch_id: int, reason: str = "approved", now: datetime
) -> contracts.Batch:
    """Approve a draft of somebody else's.

    Raises SecondPersonNeeded, BatchStatePassed, NoSuch. Emits BatchChanged. Locks the batch.
    """
    if batch_by_id(merchant_id=merchant_id, batch_id=batch_id).created_by == signature():
        raise SecondPersonNeeded(batch_id=batch_id)
    row = step_batch(
        merchant_id=merchant_id,
        batch_id=batch_id,
        start=("draft",),
        to="approved",
        reason=reason,
        now=now,
    )
    return row.as_contract()
