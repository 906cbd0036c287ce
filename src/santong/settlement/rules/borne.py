"""What a refund costs whoever agreed to bear it: a function of the sale, and of nothing else.

A refund takes shares back from all that have one. Where one party bears it (a promise was broken
that it had made), the others get back what they lost by it, and the bearer has as much less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from santong.kernel.money import spread


def as_if_nobody_bore(returned_minor: int, *, paid_minor: int, borne_minor: int) -> int:
    """What went back of the price, if what one party bears had not lowered the price.

    Of 1,000 with 100 made good, 450 for half of the goods are 500: so nothing is borne of what came
    back whole, however much was made good before.
    """
    price = paid_minor - borne_minor
    return returned_minor * paid_minor // price if price > 0 else returned_minor


def borne_of(
    left: Sequence[tuple[int, int]],
    unborne: Sequence[tuple[int, int]],
    *,
    bearers: Mapping[int, int],
) -> dict[int, int]:
    """What each party is given (or gives, as less than nothing), and in all it is nothing.

    `left` is what is left of shares by party, `unborne` what would be if nobody's refund were
    borne, `bearers` what went back at whose cost: they give pro rata of it (largest remainder).
    """
    given: dict[int, int] = defaultdict(int)
    for party, minor in unborne:
        given[party] += minor
    for party, minor in left:
        given[party] -= minor
    total = sum(given.values())
    assert total >= 0, "what is borne takes nothing from anybody"
    for party, minor in zip(bearers, spread(total, over=list(bearers.values())), strict=True):
        given[party] -= minor
    return {party: minor for party, minor in given.items() if minor}
