"""The ledger of stock, for reading."""

from __future__ import annotations

from santong.inventory.contracts import Movement
from santong.inventory.models import StockMovement


def movements_of(
    *,
    merchant_id: int,
    location_id: int,
    sku_id: int,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Movement]:
    """What changed a level, newest first, from below an id."""
    rows = StockMovement.objects.of_merchant(merchant_id).filter(
        sku_id=sku_id, location_id=location_id
    )
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def is_in_ledger(*, merchant_id: int, key: str) -> bool:
    """Whether the command of this name has taken effect."""
    return bool(StockMovement.objects.of_merchant(merchant_id).filter(key=key).exists())
