"""Batches, as other contexts see them."""

from __future__ import annotations

from santong.benefits import contracts
from santong.benefits.models import Batch
from santong.kernel.errors import NoSuch


def batch_by_code(*, merchant_id: int, code: str) -> contracts.Batch:
    """The batch that a link names. Raises NoSuch."""
    row = Batch.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="batch", key=code[:40])
    contract: contracts.Batch = row.as_contract()
    return contract
