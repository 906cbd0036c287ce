"""Whether a code is one of the world's or one of somebody's own."""

from __future__ import annotations

from typing import Final

_LENGTHS: Final = frozenset({8, 12, 13, 14})


def is_gtin(*, text: str) -> bool:
    """Digits of a length that trade items have, with the check digit that they must have."""
    if len(text) not in _LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    *digits, check = (int(digit) for digit in text)
    weighed = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[::-1]))
    return (10 - weighed % 10) % 10 == check
