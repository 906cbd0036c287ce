"""Cost parts as the widths of stacked bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: where it begins and how wide it is, in thousandths of the longest bar."""

    part: str
    begins: int
    width: int
    milli: int


def segments(cost_by_part: Mapping[str, int], *, longest_milli: int) -> list[Segment]:
    """The parts that cost something, end to end; a credit has no width and stands in the table."""
    found: list[Segment] = []
    begins = 0
    for part, milli in cost_by_part.items():
        width = milli * 1_000 // max(longest_milli, 1)
        if width > 0:
            found.append(Segment(part=part, begins=begins, width=width, milli=milli))
            begins += width
    return found


def positive_total(cost_by_part: Mapping[str, int]) -> int:
    """How long a bar would be: what costs, without credits."""
    return sum(milli for milli in cost_by_part.values() if milli > 0)
