"""What a draft of a programme is tried on, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from santong.membership.contracts.points import PurchaseLine


@dataclass(frozen=True, kw_only=True, slots=True)
class PastPurchase:
    """What somebody bought once. `birthday` only where a rule of the draft asks for it."""

    member_id: int
    bought_at: datetime
    lines: tuple[PurchaseLine, ...]
    channel: str = ""
    location_code: str = ""
    birthday: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulated:
    """What a draft would have given, what that is worth, and how large its tiers would be."""

    purchases: int
    members: int
    amount_minor: int
    points: int
    points_by_rule: Mapping[str, int]
    cost_minor: int
    members_by_tier: Mapping[str, int]
