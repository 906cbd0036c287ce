"""Every slot of a limit, taken in their order."""

from __future__ import annotations

from collections.abc import Mapping

from santong.benefits.contracts import SlotUse
from santong.benefits.selectors.statements import array, run
from santong.kernel.wire import Statement

_LOCK = Statement("""
SELECT slot, quota, used FROM benefits_batchslot
WHERE merchant_id = %(merchant)s AND batch_id = %(batch)s AND span = %(span)s
ORDER BY slot FOR NO KEY UPDATE
""")
_SET = Statement("""
UPDATE benefits_batchslot s SET quota = w.quota
FROM unnest(%(slots)s::int[], %(quotas)s::int[]) AS w(slot, quota)
WHERE s.merchant_id = %(merchant)s AND s.batch_id = %(batch)s AND s.span = %(span)s
  AND s.slot = w.slot AND s.quota <> w.quota
RETURNING s.id
""")


def lock_slots(*, merchant_id: int, batch_id: int, span: str = "") -> list[SlotUse]:
    """Take every slot of a limit, in their order, and say what each has given out."""
    rows = run(_LOCK, {"merchant": merchant_id, "batch": batch_id, "span": span})
    return [SlotUse(slot=slot, quota=quota, used=used) for slot, quota, used in rows]


def set_quotas(*, merchant_id: int, batch_id: int, quota_by_slot: Mapping[int, int]) -> int:
    """Write the quotas of slots that are locked; say how many changed."""
    changed = run(
        _SET,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "span": "",
            "slots": array(quota_by_slot),
            "quotas": array(quota_by_slot.values()),
        },
    )
    return len(changed)
