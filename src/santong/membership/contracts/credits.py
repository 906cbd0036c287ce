"""Points that were given without a purchase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsCredited:
    """Points that a brand gave a member: how many paid a debt, and what was taken back since."""

    id: int
    member_id: int
    points: int
    paid: int
    expires_at: datetime | None
    taken_back: int
    is_taken_back: bool
    is_new: bool
