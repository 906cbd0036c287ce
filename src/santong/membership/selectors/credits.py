"""Points that were given without a purchase."""

from __future__ import annotations

from collections.abc import Collection

from santong.membership import contracts
from santong.membership.models import PointsCredit


def credits_by_key(
    *, merchant_id: int, source: str, keys: Collection[str]
) -> dict[str, contracts.PointsCredited]:
    """What a source has given, by key; keys under which nothing was given are left out."""
    rows = PointsCredit.objects.of_merchant(merchant_id).filter(source=source, key__in=list(keys))
    return {row.key: row.as_contract() for row in rows}
