"""What brands that share a pool owe one another for a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.kernel.money import spread

_THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Turnover:
    """A brand's month. Weights are points times the rate at which each of them was counted."""

    brand_id: int
    earned_points: int
    earned_weight: int
    burned_points: int
    burned_weight: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a brand pays into the pool and gets out of it, in minor units."""

    brand_id: int
    earned_points: int
    burned_points: int
    pays_minor: int
    gets_minor: int
    breakage_minor: int

    @property
    def net_minor(self) -> int:
        """What the pool owes the brand; below zero the brand owes it."""
        return self.gets_minor + self.breakage_minor - self.pays_minor


def settle(
    turnovers: Sequence[Turnover], *, expired_points: int, breakage_minor_per_1000: int
) -> list[Share]:
    """Each brand's part of the month, by its id.

    Each side is rounded once, half up, over all brands, and then split by largest remainder: the
    parts add up to the total. What expired goes back to those who earned in the month, in
    proportion to what they paid, at the rate of the pool's contract.
    """
    ordered = sorted(turnovers, key=lambda each: each.brand_id)
    pays = _amounts([each.earned_weight for each in ordered])
    gets = _amounts([each.burned_weight for each in ordered])
    paying = [max(paid, 0) for paid in pays]
    breakage = expired_points * breakage_minor_per_1000 // _THOUSAND if any(paying) else 0
    parts = spread(breakage, over=paying)
    return [
        Share(
            brand_id=each.brand_id,
            earned_points=each.earned_points,
            burned_points=each.burned_points,
            pays_minor=paid,
            gets_minor=got,
            breakage_minor=part,
        )
        for each, paid, got, part in zip(ordered, pays, gets, parts, strict=True)
    ]


def _amounts(weights: Sequence[int]) -> list[int]:
    """Returns may exceed what was earned in a month: such a brand's part is below zero."""
    owed = [max(weight, 0) for weight in weights]
    due = [max(-weight, 0) for weight in weights]
    return [
        one - other
        for one, other in zip(
            spread(_rounded(sum(owed)), over=owed),
            spread(_rounded(sum(due)), over=due),
            strict=True,
        )
    ]


def _rounded(weight: int) -> int:
    return (2 * weight + _THOUSAND) // (2 * _THOUSAND)
