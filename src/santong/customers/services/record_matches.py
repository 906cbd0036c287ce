"""Put matches before people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers.models import Match
from santong.customers.rules.matching import Match as Found
from santong.customers.rules.matching import without
from santong.customers.selectors.matches import pairs_looked_at
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def record_matches(*, merchant_id: int, found: Sequence[Found], now: datetime) -> int:
    """Keep matches that nobody has looked at yet; how many."""
    fresh = without(found, pairs=pairs_looked_at(merchant_id=merchant_id))
    Match.objects.bulk_create(
        [
            Match(
                merchant_id=merchant_id,
                first_id=match.first_id,
                second_id=match.second_id,
                score=match.score,
                reasons={name: list(said) for name, said in match.reasons.items()},
                state="open",
                proposed_at=now,
            )
            for match in fresh
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    return len(fresh)
