"""A limit is split into slots, so that those who claim at once do not wait for one row."""

from __future__ import annotations

from collections.abc import Sequence

from santong.benefits.contracts import SlotUse

# Twice as many as claim at once on a busy site, so that few meet; more make a look at all slower.
SLOTS = 64
# More than any batch gives out: a limit that nobody has set.
UNLIMITED = 2_000_000_000 // SLOTS


def quotas(limit: int | None) -> list[int]:
    """What each slot may give out; in all exactly the limit."""
    if limit is None:
        return [UNLIMITED] * SLOTS
    return _parts(limit, SLOTS)


def rebalanced(slots: Sequence[SlotUse], *, more: int = 0) -> dict[int, int]:
    """New quotas by slot, so that what is left is spread evenly; in all `more` than before."""
    left = sum(slot.quota - slot.used for slot in slots) + more
    parts = _parts(left, len(slots))
    return {slot.slot: slot.used + part for slot, part in zip(slots, parts, strict=True)}


def taken(slots: Sequence[SlotUse], *, wanted: int) -> dict[int, int]:
    """How many of each slot are taken for so many at once; the fullest of room first."""
    found: dict[int, int] = {}
    for slot in sorted(slots, key=lambda each: (each.used - each.quota, each.slot)):
        if take := min(slot.quota - slot.used, wanted):
            found[slot.slot] = take
            wanted -= take
    return found


def _parts(total: int, count: int) -> list[int]:
    floor, more = divmod(total, count)
    return [floor + (place < more) for place in range(count)]
