"""Lines that a coupon is used for, and lines that come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from santong.benefits.contracts import RedemptionLine
from santong.kernel.errors import FieldInvalid

LONGEST_LINE = 60
MOST_LINES = 500
MOST_UNITS = 1_000_000_000


def check_lines(lines: Sequence[RedemptionLine]) -> None:
    """Each line once, with something of it. Raises FieldInvalid."""
    if len(lines) > MOST_LINES:
        raise FieldInvalid(pointer="/lines", reason=f"at most {MOST_LINES}")
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if not 0 < len(line.line) <= LONGEST_LINE:
            raise FieldInvalid(
                pointer=f"/lines/{place}/line", reason=f"1 to {LONGEST_LINE} characters"
            )
        if line.line in seen:
            raise FieldInvalid(pointer=f"/lines/{place}/line", reason="stands there twice")
        if not 0 < line.quantity <= MOST_UNITS:
            raise FieldInvalid(pointer=f"/lines/{place}/quantity", reason=f"1 to {MOST_UNITS}")
        seen.add(line.line)


def is_all_back(bought: Mapping[str, tuple[int, int]]) -> bool:
    """Whether every unit of every line has come back; of no lines, always."""
    return all(quantity == returned for quantity, returned in bought.values())
