"""The goods are in the box."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import NotWhatWasAsked
from santong.fulfilment.events import FulfilmentPacked
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def pack(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Close the box: everything that is asked has been picked. Packed twice is packed once.

    Raises NoSuch, StatePassed, NotWhatWasAsked (names the lines that are not picked). Emits
    FulfilmentPacked. Locks the work.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    lines = lines_of(row)
    if row.state == "packed":
        return row.as_contract(lines=lines)
    unpicked = tuple(line.order_line_id for line in lines if line.picked_quantity != line.quantity)
    if row.state == "picking" and unpicked:
        raise NotWhatWasAsked(order_line_ids=unpicked)
    row.packed_at = now
    step(row, to="packed", reason="packed", now=now, changed=["packed_at"])
    outbox.publish(
        FulfilmentPacked(
            order_id=row.order_id, fulfilment_order_id=row.id, location_id=row.location_id
        ),
        now=now,
    )
    return row.as_contract(lines=lines)
