"""Somebody goes to fetch the goods."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def start_picking(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Begin to pick; begun twice is begun once. Raises NoSuch, StatePassed. Locks the work."""
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.state != "picking":
        step(row, to="picking", reason="picking begins", now=now)
    return row.as_contract(lines=lines_of(row))
