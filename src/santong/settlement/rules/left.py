"""What is left of frozen shares once money went back: a function of how much, and of nothing else.

It does not matter in which parts, or in which order, money went back: what is left is worked out
anew each time. So nothing is left of what went back whole, what is restored is exactly what it
was, and no share grows while more goes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinePart:
    """An open part of a line: what was paid for it, and its shares."""

    paid_minor: int
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line's open parts, and what went back of this line."""

    parts: tuple[LinePart, ...]
    returned_minor: int = 0


def left_of(lines: Sequence[Line], *, returned_minor: int) -> list[list[list[int]]]:
    """What is left of each share, by line and part, when so much went back of no line in special.

    What is left adds up to what was paid less what went back, or to nothing where more went back.
    """
    left = [
        max(0, sum(part.paid_minor for part in line.parts) - line.returned_minor) for line in lines
    ]
    of_lines = evenly(max(0, sum(left) - returned_minor), over=left)
    return [
        [
            left_of_shares(part.shares, paid_minor=part.paid_minor, left_minor=of_part)
            for part, of_part in zip(
                line.parts,
                evenly(of_line, over=[part.paid_minor for part in line.parts]),
                strict=True,
            )
        ]
        for line, of_line in zip(lines, of_lines, strict=True)
    ]


def left_of_shares(shares: Sequence[int], *, paid_minor: int, left_minor: int) -> list[int]:
    """What is left of shares that add up to what was paid, when so much of it is left.

    Who bears a share (less than nothing) bears as much less of it. Where nothing was paid, nothing
    can have gone back.
    """
    if not paid_minor:
        return list(shares)
    given = [max(0, share) for share in shares]
    borne = [max(0, -share) for share in shares]
    borne_left = (2 * sum(borne) * left_minor + paid_minor) // (2 * paid_minor)
    of_given = evenly(left_minor + borne_left, over=given)
    of_borne = evenly(borne_left, over=borne)
    return [plus - minus for plus, minus in zip(of_given, of_borne, strict=True)]


def evenly(total: int, *, over: Sequence[int]) -> list[int]:
    """Split over weights, so that no part shrinks when there is more to split.

    Largest remainder can do that: there, with three parties, one may get less of more. One weight
    after the other takes its rounded part of what is left for it and those behind it. No part
    exceeds its weight, and the whole gives each its weight exactly.
    """
    assert 0 <= total <= sum(over)
    parts: list[int] = []
    weights = sum(over)
    for weight in over:
        part = (2 * total * weight + weights) // (2 * weights) if weights else 0
        parts.append(part)
        total -= part
        weights -= weight
    return parts


def up_to(total: int, *, pieces: int, of: int) -> int:
    """What the first pieces of a line are worth: the rest is what the others are worth.

    As orders count what is kept of a line of which the rest was cancelled.
    """
    return (2 * total * pieces + of) // (2 * of)
