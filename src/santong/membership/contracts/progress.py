"""Where a card stands on the ladder of its programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.membership.contracts.programmes import Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class TierProgress:
    """A card's tier at a moment, and what leads to the next.

    `experience` is what counts in the window that is open. `missing` leads to `next_tier`;
    `missing_to_keep` is what the period that ends at `until` still wants for the tier to stay.
    """

    card_id: int
    tier: Tier
    until: datetime | None
    experience: int
    next_tier: Tier | None
    missing: int
    missing_to_keep: int
