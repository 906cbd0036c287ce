"""How simulated stores and buyers behave: drawn from a seed and the work's own name.

The same work always gets the same answer after the same time, in whatever order work is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

CERTAIN_PPM = 1_000_000
Reason = Literal[
    "not_in_stock", "mismatch", "damaged", "display_piece", "no_time", "closed", "too_far"
]
REASONS: tuple[Reason, ...] = (
    "not_in_stock",
    "mismatch",
    "damaged",
    "display_piece",
    "no_time",
    "closed",
    "too_far",
)
# A place that says "not in stock" is taken at its word for all it holds; mostly one piece is amiss.
REASON_WEIGHTS = (6, 38, 5, 4, 30, 12, 5)
# A place has ten minutes to answer once somebody is there.
ANSWERS_WITHIN_MINUTES = (1, 9)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a place will do with one piece of work, and how long each step takes.

    `declines` is the reason why it will not do it, None if it will.
    """

    declines: Reason | None
    answers_after: timedelta
    begins_after: timedelta
    picks_for: timedelta
    packs_for: timedelta
    waits_for_carrier: timedelta
    waits_for_buyer: timedelta


def habits_of(*, seed: int, work: str, accept_ppm: int, declines: bool = False) -> Habits:
    """The habits for one piece of work; `declines` makes a refusal certain."""
    random = Random(f"{seed}/{work}")
    refuses = random.randrange(CERTAIN_PPM) >= accept_ppm or declines
    reason = random.choices(REASONS, weights=REASON_WEIGHTS)[0]
    return Habits(
        declines=reason if refuses else None,
        answers_after=_minutes(random, *ANSWERS_WITHIN_MINUTES),
        begins_after=_minutes(random, 2, 40),
        picks_for=_minutes(random, 2, 15),
        packs_for=_minutes(random, 2, 12),
        waits_for_carrier=_minutes(random, 20, 240),
        waits_for_buyer=_minutes(random, 60, 2_400),
    )


def _minutes(random: Random, least: int, most: int) -> timedelta:
    return timedelta(seconds=random.randint(60 * least, 60 * most))
