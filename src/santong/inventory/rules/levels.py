"""The arithmetic of one level. PostgreSQL does the same sums; these say what they must come to."""

from __future__ import annotations


def atp(*, on_hand: int, allocated: int = 0, reserved: int = 0, safety_stock: int = 0) -> int:
    """What may still be promised. Never negative: a raised safety stock is not a debt."""
    return max(0, on_hand - allocated - reserved - safety_stock)


def shortfall(*, on_hand: int, allocated: int = 0, reserved: int = 0) -> int:
    """What is promised and not there. Less than nothing on hand counts as nothing."""
    return max(0, allocated + reserved - max(0, on_hand))
