"""How far a batch has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine:
    """One channel's coupons: made, with a member, used, followed by another visit."""

    channel: str
    granted: int
    claimed: int
    redeemed: int
    revisited: int
    amount_minor: int
    expired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """What became of a batch's coupons, and how much is left of its limit and budget."""

    batch_id: int
    limit_total: int | None
    given: int
    budget_minor: int | None
    spent_minor: int
    lines: tuple[FunnelLine, ...]
