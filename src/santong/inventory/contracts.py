"""What other contexts know of stock, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

State = Literal["held", "allocated", "consumed", "released", "expired"]
STATES: tuple[State, ...] = get_args(State)

MovementKind = Literal[
    "reserve",
    "allocate",
    "release",
    "expire",
    "move_out",
    "move_in",
    "consume",
    "receive",
    "adjust",
    "count",
    "till_sale",
]
MOVEMENTS: tuple[MovementKind, ...] = get_args(MovementKind)

LONGEST_HOLDER = 80
LONGEST_KEY = 100
MOST_UNITS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLine:
    """So many units of a SKU from one place, for one line of the holder."""

    location_id: int
    sku_id: int
    quantity: int
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What one place promises to one line of a holder.

    Held until `expires_at`; without it, firm. `quantity` counts what has been consumed, too;
    `attempt` counts how often the place has promised it.
    """

    id: int
    holder: str
    line_id: int
    location_id: int
    sku_id: int
    quantity: int
    state: State
    expires_at: datetime | None
    consumed_quantity: int = 0
    attempt: int = 1

    @property
    def live_quantity(self) -> int:
        """What the place still has to keep for the line."""
        return self.quantity - self.consumed_quantity if self.state in ("held", "allocated") else 0

    @property
    def is_standing(self) -> bool:
        """Whether the line is promised, or has been served."""
        return self.state in ("held", "allocated", "consumed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One holder's wish among many in a batch."""

    holder: str
    lines: tuple[ReserveLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What was wanted of one SKU at one place, and what could have been promised."""

    location_id: int
    sku_id: int
    wanted: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """What a claim got: its reservations, or what was short and nothing at all."""

    holder: str
    reservations: tuple[Reservation, ...]
    short: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Atp:
    """What one place can promise of one SKU."""

    location_id: int
    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtpColumn:
    """Where one SKU can be promised, side by side, in the order of location ids."""

    location_ids: NDArray[np.int64]
    quantities: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What one place holds of one SKU."""

    id: int
    location_id: int
    sku_id: int
    on_hand: int
    allocated: int
    reserved: int
    safety_stock: int
    shortfall: int
    atp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of a level."""

    id: int
    location_id: int
    sku_id: int
    kind: MovementKind
    on_hand_delta: int
    allocated_delta: int
    reserved_delta: int
    reason: str
    holder: str
    line_id: int | None
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """More is promised from a place than it has."""

    id: int
    location_id: int
    sku_id: int
    quantity: int
    reason: str
    opened_at: datetime
    closed_at: datetime | None


QuantityBySku = Mapping[int, int]
QuantityByLine = Mapping[int, int]
