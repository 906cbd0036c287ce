"""Which state an order may go to from which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from santong.orders.contracts import State

STATES: tuple[State, ...] = get_args(State)

MOVES: Mapping[State, frozenset[State]] = {
    "placed": frozenset({"paid", "paid_without_stock", "cancelled"}),
    "paid": frozenset(
        {"paid_without_stock", "partly_shipped", "shipped", "delivered", "cancelled"}
    ),
    "paid_without_stock": frozenset(
        {"paid", "partly_shipped", "shipped", "delivered", "cancelled"}
    ),
    "partly_shipped": frozenset({"shipped", "delivered"}),
    "shipped": frozenset({"delivered"}),
    "delivered": frozenset(),
    "cancelled": frozenset(),
}

OPEN: tuple[State, ...] = ("placed", "paid", "paid_without_stock", "partly_shipped", "shipped")
ENDED: tuple[State, ...] = ("delivered", "cancelled")
PAID_IN_FULL: tuple[State, ...] = (
    "paid",
    "paid_without_stock",
    "partly_shipped",
    "shipped",
    "delivered",
)
SHIPPABLE: frozenset[State] = frozenset({"paid", "paid_without_stock", "partly_shipped"})


def may_move(*, state: State, to: State) -> bool:
    """Whether the table allows the step. Staying is not a step."""
    return to in MOVES[state]
