"""Goods that came back damaged and lie outside the stock."""

from __future__ import annotations

from django.db.models import F

from santong.aftersales import contracts
from santong.aftersales.models import ReceiptLine

MOST_SHOWN = 500


def damaged_at(
    *, merchant_id: int, location_ids: frozenset[int] | None
) -> list[contracts.DamagedUnits]:
    """Damaged units of which nothing has become, at some places or everywhere; oldest first."""
    rows = ReceiptLine.objects.of_merchant(merchant_id).filter(
        damaged__gt=F("restored") + F("scrapped")
    )
    if location_ids is not None:
        rows = rows.filter(location_id__in=location_ids)
    return [
        contracts.DamagedUnits(
            id=row.id,
            case_id=row.receipt.case_id,
            location_id=row.location_id,
            sku_id=row.sku_id,
            left=row.damaged - row.restored - row.scrapped,
            at=row.receipt.at,
        )
        for row in rows.select_related("receipt").order_by("id")[:MOST_SHOWN]
    ]
