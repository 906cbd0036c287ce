"""What leads from one tier to the next. Nothing here decides: `tiers` does."""

from __future__ import annotations

from collections.abc import Sequence

from santong.membership.contracts.programmes import Tier
from santong.membership.rules.tiers import ranks, tier_by_code


def next_above(ladder: Sequence[Tier], code: str) -> Tier | None:
    """The tier above one; none above the highest."""
    rank = ranks(ladder)[tier_by_code(ladder, code).code]
    ordered = sorted(ladder, key=lambda tier: tier.threshold)
    return ordered[rank + 1] if rank + 1 < len(ordered) else None


def missing_to(tier: Tier | None, *, experience: int) -> int:
    """What is missing to a tier's threshold; nothing to one that is reached, or to none."""
    return 0 if tier is None else max(tier.threshold - experience, 0)
