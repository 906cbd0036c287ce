"""What is promised and not there."""

from __future__ import annotations

from collections.abc import Sequence

from santong.inventory.contracts import Shortfall
from santong.inventory.models import ShortfallTask


def open_shortfalls(
    *,
    merchant_id: int,
    location_ids: Sequence[int] | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Shortfall]:
    """Open shortfall tasks of some places or (None) of all, newest first, from below an id."""
    rows = ShortfallTask.objects.of_merchant(merchant_id).filter(closed_at__isnull=True)
    if location_ids is not None:
        rows = rows.filter(location_id__in=location_ids)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]
