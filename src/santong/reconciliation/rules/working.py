"""What can be done about a difference, and where that leads."""

from __future__ import annotations

from collections.abc import Mapping

from santong.reconciliation.contracts import (
    OFFERS,
    STEPS,
    Category,
    DifferenceState,
    Offer,
    Step,
)

# Above this, a second person has to agree before an amount is written off: 100.00.
WRITE_OFF_ALONE_MINOR = 10_000

_FROM: Mapping[Step, frozenset[DifferenceState]] = {
    "claim": frozenset({"open", "waiting", "proposed"}),
    "wait": frozenset({"open", "waiting"}),
    "explain": frozenset({"open", "waiting"}),
    "correct": frozenset({"open", "waiting"}),
    "write_off": frozenset({"open", "waiting"}),
    "approve": frozenset({"proposed"}),
    "reject": frozenset({"proposed"}),
}
_OFFER: Mapping[Step, Offer] = {
    "wait": "wait",
    "explain": "explain",
    "correct": "correct",
    "write_off": "write_off",
}


def begins_at(step: Step, state: DifferenceState) -> bool:
    """Whether a step can be made from a state."""
    return state in _FROM[step]


def is_offered(step: Step, category: Category) -> bool:
    """Whether a step makes sense for a category. To be claimed or decided, every one is good."""
    offer = _OFFER.get(step)
    return offer is None or offer in OFFERS[category]


def steps_for(*, state: DifferenceState, category: Category) -> tuple[Step, ...]:
    """The steps that can be made now, in the order in which they are shown."""
    return tuple(step for step in STEPS if begins_at(step, state) and is_offered(step, category))


def needs_second_person(amount_minor: int) -> bool:
    """Whether an amount is too large for one person to write off."""
    return abs(amount_minor) > WRITE_OFF_ALONE_MINOR
