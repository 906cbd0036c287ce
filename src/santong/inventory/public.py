"""The door of inventory: what is there, what is promised, and to whom."""

from santong.inventory.contracts import (
    Atp,
    AtpColumn,
    Claim,
    ClaimResult,
    Level,
    Movement,
    MovementKind,
    Reservation,
    ReserveLine,
    Shortage,
    Shortfall,
    State,
)
from santong.inventory.errors import (
    BelowZero,
    InsufficientStock,
    NotPromisedHere,
)
from santong.inventory.selectors.invariants import check_invariants
from santong.inventory.selectors.levels import (
    atp_at,
    atp_by_sku,
    atp_columns,
    levels_at,
    levels_of,
)
from santong.inventory.selectors.movements import movements_of
from santong.inventory.selectors.reservations import (
    live_reservations_at,
    reservations_by_holder,
    reservations_of,
)
from santong.inventory.selectors.shortfalls import open_shortfalls
from santong.inventory.services.adjust import adjust
from santong.inventory.services.allocate import allocate
from santong.inventory.services.consume import consume
from santong.inventory.services.count import count
from santong.inventory.services.expire_due import expire_due
from santong.inventory.services.extend import extend
from santong.inventory.services.move import move
from santong.inventory.services.receive import receive
from santong.inventory.services.record_till_sale import record_till_sale
from santong.inventory.services.release import release
from santong.inventory.services.reserve import reserve
from santong.inventory.services.reserve_batch import reserve_batch
from santong.inventory.services.reserve_more import reserve_more
from santong.inventory.services.set_safety_stock import set_safety_stock

__all__ = [
    "Atp",
    "AtpColumn",
    "BelowZero",
    "Claim",
    "ClaimResult",
    "InsufficientStock",
    "Level",
    "Movement",
    "MovementKind",
    "NotPromisedHere",
    "Reservation",
    "ReserveLine",
    "Shortage",
    "Shortfall",
    "State",
    "adjust",
    "allocate",
    "atp_at",
    "atp_by_sku",
    "atp_columns",
    "check_invariants",
    "consume",
    "count",
    "expire_due",
    "extend",
    "levels_at",
    "levels_of",
    "live_reservations_at",
    "move",
    "movements_of",
    "open_shortfalls",
    "receive",
    "record_till_sale",
    "release",
    "reservations_by_holder",
    "reservations_of",
    "reserve",
    "reserve_batch",
    "reserve_more",
    "set_safety_stock",
]
