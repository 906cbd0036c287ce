"""Which places may serve an order, for all places at once: the rules of `eligibility`."""

from collections.abc import Iterator, Sequence

import numpy as np

from santong.routing.contracts import Refusal, SourcingInput
from santong.routing.rules.shortlist.columns import Flags, Places, ShelfColumn


def eligible_places(
    *, sourcing: SourcingInput, places: Places, holds_stock: Flags
) -> tuple[Flags, dict[Refusal, int]]:
    """The places with stock that may send, and how many may not, by the first reason."""
    left = holds_stock.copy()
    refused: dict[Refusal, int] = {}
    before = int(np.count_nonzero(left))
    for reason, may_serve in _rules(sourcing, places):
        left &= may_serve
        after = int(np.count_nonzero(left))
        if after < before:
            refused[reason] = before - after
        before = after
    return left, refused


def holding_stock(*, places: Places, shelves: Sequence[ShelfColumn]) -> Flags:
    """The places that hold some of anything that is asked."""
    holds = np.zeros(len(places), dtype=np.bool_)
    for shelf in shelves:
        holds[shelf.rows] = True
    return holds


def _rules(sourcing: SourcingInput, places: Places) -> Iterator[tuple[Refusal, Flags]]:
    if sourcing.excluded_location_ids:
        may_serve = np.ones(len(places), dtype=np.bool_)
        may_serve[places.rows_of(sourcing.excluded_location_ids)] = False
        yield "excluded", may_serve
    if sourcing.mode == "pickup":
        yield "not_the_chosen_place", places.location_ids == (sourcing.pickup_location_id or -1)
    yield "not_capable", places.is_capable
    yield "not_open", places.is_open
    yield "no_consent", places.has_consent
    yield "no_capacity", places.has_capacity
