"""What points are worth at checkout, and how many may be used."""

from __future__ import annotations

from santong.membership.contracts.points import Quote
from santong.membership.contracts.programmes import BurnTerms

_WHOLE = 100
NOTHING = Quote(0, 0)


def quote(
    terms: BurnTerms, *, requested: int, balance: int, amount_minor: int, tier_percent: int
) -> Quote:
    """As many of the points asked for as may be used, in whole steps, and what they are worth.

    Less than the minimum is nothing. The same points are worth more to a higher tier; fractions of
    a minor unit are dropped.
    """
    worth_of_step = terms.amount_per_step * tier_percent
    room = amount_minor * terms.max_percent // _WHOLE
    # The most steps whose worth, rounded down, is still within the room.
    steps_by_money = ((room + 1) * _WHOLE - 1) // worth_of_step if worth_of_step else 0
    steps_by_points = max(min(requested, balance), 0) // terms.points_per_step
    steps = max(min(steps_by_points, steps_by_money), 0)
    points = steps * terms.points_per_step
    if points == 0 or points < terms.min_points:
        return NOTHING
    return Quote(points, steps * worth_of_step // _WHOLE)
