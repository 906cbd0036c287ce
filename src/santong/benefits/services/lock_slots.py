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

_TAKE_SLOTS = Statement("""
UPDATE benefits_batchslot s SET used = s.used + w.taken
FROM unnest(%(slots)s::int[], %(takens)s::int[]) AS w(slot, taken)
WHERE s.merchant_id = %(merchant)s::bigint AND s.batch_id = %(batch)s::bigint
  AND s.span = %(span)s::text
  AND s.slot = w.slot AND s.used + w.taken <= s.quota
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


def take_slots(
    *, merchant_id: int, batch_id: int, span: str, taken_by_slot: Mapping[int, int]
) -> None:
    """Count what was given on slots that are locked and have room for it."""
    if not taken_by_slot:
        return
    rows = run(
        _TAKE_SLOTS,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "span": span,
            "slots": array(taken_by_slot),
            "takens": array(taken_by_slot.values()),
        },
    )
    assert len(rows) == len(taken_by_slot), "locked slots have the room that was seen"
