"""What units are worth when they come back: to the minor unit, whatever comes back when.

A line's units are worth what was paid for the line, and each is paid back out of what is left:
`left * units // units left`, and the last take all of it. So the amounts of any subsets in any
order add up to what was paid, no unit is worth more than a minor unit more than another, and what
was granted meanwhile (a part of the price) lowers what the rest is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from santong.kernel.money import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Money of a line, with the document along which it came: `line_id` is that document's line.

    What was exchanged has its money still in the document of what it replaced; `units` are how
    many units of that line stand behind it.
    """

    document: str
    line_id: int
    left_minor: int
    units_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Money of one source, and how many of its units go with it."""

    document: str
    line_id: int
    amount_minor: int
    units: int


def share_of(left: int, *, units: int, units_left: int) -> int:
    """What so many units of those that are left are worth."""
    if not units:
        return 0
    assert 0 < units <= units_left, "no more come back than are left"
    return left if units == units_left else left * units // units_left


def worth(sources: Sequence[Source], *, units: int, units_left: int) -> tuple[Part, ...]:
    """What so many units of a line are worth, by the sources of their money."""
    return tuple(
        Part(
            document=source.document,
            line_id=source.line_id,
            amount_minor=share_of(source.left_minor, units=units, units_left=units_left),
            units=share_of(source.units_left, units=units, units_left=units_left),
        )
        for source in sources
    )


def sum_of(parts: Sequence[Part]) -> int:
    """What parts come to."""
    return sum(part.amount_minor for part in parts)


def capped(parts: Sequence[Part], *, most_minor: int) -> tuple[Part, ...]:
    """The same parts, together no more than so much: the first come first."""
    left, kept = most_minor, list[Part]()
    for part in parts:
        amount = min(part.amount_minor, left)
        left -= amount
        kept.append(replace(part, amount_minor=amount))
    return tuple(kept)


def spread_to(parts: Sequence[Part], *, amount_minor: int) -> tuple[Part, ...]:
    """The same parts with so much in all, in proportion to what they are worth."""
    amounts = spread(amount_minor, over=[part.amount_minor for part in parts])
    return tuple(
        replace(part, amount_minor=amount) for part, amount in zip(parts, amounts, strict=True)
    )


def without(parts: Sequence[Part], taken: Sequence[Part]) -> tuple[Part, ...]:
    """What is left of parts after some of each was taken."""
    return tuple(
        replace(part, amount_minor=part.amount_minor - gone.amount_minor)
        for part, gone in zip(parts, taken, strict=True)
    )


def points_to_give_back(*, points: int, gone_minor: int, total_minor: int, given_back: int) -> int:
    """How many more of the points that paid for an order go back, with so much of it gone."""
    if not total_minor:
        return 0
    due = points if gone_minor >= total_minor else points * gone_minor // total_minor
    return max(0, due - given_back)
