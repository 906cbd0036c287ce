"""Which lines each part of a refund is for, when it goes back along several payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def slice_of(
    amount_by_line: Mapping[int, int], *, before: Sequence[int], amount_minor: int
) -> dict[int, int]:
    """The lines of one part: they are laid end to end, and each part covers its stretch of them.

    `before` are the amounts of the parts that come before it. Together the parts cover each line
    exactly.
    """
    begin = sum(before)
    end, at, found = begin + amount_minor, 0, dict[int, int]()
    for line, amount in sorted(amount_by_line.items()):
        covered = min(end, at + amount) - max(begin, at)
        if covered > 0:
            found[line] = covered
        at += amount
    return found
