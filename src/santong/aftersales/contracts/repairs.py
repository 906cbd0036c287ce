"""The repair of what a buyer brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

RepairState = Literal[
    "waiting_item", "looked_at", "quoted", "to_be_paid", "repairing", "repaired", "handed_back"
]
REPAIR_STATES: Final[tuple[RepairState, ...]] = get_args(RepairState)
Repairer = Literal["store", "workshop", "provider"]
REPAIRERS: Final[tuple[Repairer, ...]] = get_args(Repairer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair: who does it, what it costs the buyer, and how far it has come."""

    id: int
    case_id: int
    document: str
    state: RepairState
    repairer: Repairer
    repairer_code: str
    location_id: int | None
    is_warranty: bool
    quote_minor: int
    currency: str
    was_declined: bool
    diagnosis: str
    quoted_at: datetime | None
    accepted_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None
