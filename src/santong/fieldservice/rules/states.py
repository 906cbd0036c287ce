"""From which state a visit may go to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.fieldservice.contracts import State

NEXT: Final[Mapping[State, frozenset[State]]] = {
    "requested": frozenset({"offered", "cancelled"}),
    "offered": frozenset({"booked", "cancelled"}),
    "booked": frozenset({"confirmed", "en_route", "arrived", "missed", "cancelled"}),
    "confirmed": frozenset({"en_route", "arrived", "missed", "cancelled"}),
    "en_route": frozenset({"arrived", "missed"}),
    "arrived": frozenset({"working", "done", "missed"}),
    "working": frozenset({"done"}),
    "done": frozenset({"accepted"}),
    "accepted": frozenset(),
    "missed": frozenset(),
    "cancelled": frozenset(),
}

# Somebody's time is taken by visits in these states.
AHEAD: Final[tuple[State, ...]] = ("booked", "confirmed", "en_route", "arrived", "working")
# What buyers and dispatchers may still move.
MOVABLE: Final[tuple[State, ...]] = ("booked", "confirmed")
ENDED: Final[tuple[State, ...]] = ("accepted", "missed", "cancelled")
OPEN: Final[tuple[State, ...]] = tuple(state for state in NEXT if state not in ENDED)


def may_go(before: State, after: State) -> bool:
    """Whether this step is one that a visit can take."""
    return after in NEXT[before]
