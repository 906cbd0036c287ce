"""How money that made a broken term good lowers what lines are worth.

Compensation, differences and refunds of an order come together to no more than was paid. So what
was compensated lowers what the goods are worth: those that it was for, else all of the order in
proportion. What the term says is paid on top lowers nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from santong.kernel.money import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """What is left of what was paid for a line."""

    line_id: int
    sku_code: str
    left_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A compensation: what it came to, and how much of it counts already, by line."""

    breach_id: int
    amount_minor: int
    sku_codes: frozenset[str]
    counted_by_line: Mapping[int, int]


def to_count(
    compensations: Sequence[Counted], lines: Sequence[LineLeft]
) -> dict[tuple[int, int], int]:
    """What is still to be counted, by breach and line; no line is lowered below nothing."""
    left = {line.line_id: line.left_minor for line in lines}
    found = dict[tuple[int, int], int]()
    for each in compensations:
        meant = _meant(each.sku_codes, lines)
        open_minor = each.amount_minor - sum(each.counted_by_line.values())
        amount = min(max(0, open_minor), sum(left[line_id] for line_id in meant))
        shares = spread(amount, over=[left[line_id] for line_id in meant])
        for line_id, share in zip(meant, shares, strict=True):
            if share:
                left[line_id] -= share
                found[each.breach_id, line_id] = share
    return found


def _meant(sku_codes: Collection[str], lines: Sequence[LineLeft]) -> list[int]:
    named = [line.line_id for line in lines if line.sku_code in sku_codes]
    return named or [line.line_id for line in lines]
