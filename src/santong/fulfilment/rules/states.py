"""Which state work may go to from which. It begins offered, at once when it is routed."""

from __future__ import annotations

from collections.abc import Mapping

from santong.fulfilment.contracts import ParcelState, State

MOVES: Mapping[State, frozenset[State]] = {
    "offered": frozenset({"accepted", "declined", "timed_out", "cancelled", "exception"}),
    "accepted": frozenset({"picking", "declined", "cancelled", "exception"}),
    "picking": frozenset({"packed", "declined", "cancelled", "exception"}),
    "packed": frozenset({"handed_over", "ready_for_pickup", "cancelled"}),
    "ready_for_pickup": frozenset({"delivered", "cancelled"}),
    "handed_over": frozenset({"delivered"}),
    "delivered": frozenset(),
    "declined": frozenset(),
    "timed_out": frozenset(),
    "cancelled": frozenset(),
    "exception": frozenset({"cancelled"}),
}

# What still binds stock at its place.
LIVE: tuple[State, ...] = ("offered", "accepted", "picking", "packed", "ready_for_pickup")
# What a place has or had to do itself: not declined, not timed out, not taken away.
BOUND: tuple[State, ...] = (*LIVE, "exception", "handed_over", "delivered")
# What a place can still give back.
DECLINABLE: frozenset[State] = frozenset({"offered", "accepted", "picking"})
# What head office can still give to another place: it has not left, and no buyer comes for it.
REASSIGNABLE: frozenset[State] = frozenset({"offered", "accepted", "picking", "packed"})

PARCEL_MOVES: Mapping[ParcelState, frozenset[ParcelState]] = {
    "handed_over": frozenset(
        {"collected", "in_transit", "out_for_delivery", "delivered", "delayed", "lost", "returned"}
    ),
    "collected": frozenset(
        {"in_transit", "out_for_delivery", "delivered", "delayed", "lost", "returned"}
    ),
    "in_transit": frozenset(
        {"in_transit", "out_for_delivery", "delivered", "delayed", "lost", "returned"}
    ),
    "out_for_delivery": frozenset({"in_transit", "delivered", "delayed", "lost", "returned"}),
    "delayed": frozenset({"in_transit", "out_for_delivery", "delivered", "lost", "returned"}),
    "delivered": frozenset(),
    "lost": frozenset({"in_transit", "delivered", "returned"}),
    "returned": frozenset(),
}


def may_move(*, state: State, to: State) -> bool:
    """Whether the table allows the step. Staying is not a step."""
    return to in MOVES[state]
