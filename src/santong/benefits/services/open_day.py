"""A new day of a batch that has a limit by day."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.rules.slots import SLOTS, quotas
from santong.benefits.rules.validity import day_of
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.selectors.statements import array, run
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_OPEN = Statement("""
INSERT INTO benefits_batchslot (merchant_id, batch_id, span, slot, quota, used)
SELECT %(merchant)s::bigint, %(batch)s::bigint, %(span)s::text, w.slot, w.quota, 0
FROM unnest(%(slots)s::int[], %(quotas)s::int[]) AS w(slot, quota)
ORDER BY w.slot
ON CONFLICT (merchant_id, batch_id, span, slot) DO NOTHING
RETURNING slot
""")


@all_or_nothing
def open_day(*, merchant_id: int, batch_id: int, now: datetime) -> None:
    """Lay out the slots of the batch's day, once; what is there stays.

    Locks the day's slots, in their order.
    """
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    assert batch.limit_per_day is not None
    day = day_of(at=now, timezone=batch.timezone).isoformat()
    open_slots(merchant_id=merchant_id, batch_id=batch_id, span=day, limit=batch.limit_per_day)


def open_slots(*, merchant_id: int, batch_id: int, span: str, limit: int | None) -> None:
    """Split a limit into slots, once; what is there stays."""
    run(
        _OPEN,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "span": span,
            "slots": array(range(SLOTS)),
            "quotas": array(quotas(limit)),
        },
    )
