"""What a picker saw corrects the books of the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fulfilment.models import FulfilmentOrder
from santong.fulfilment.rules.declining import StockEffect, corrected_on_hand
from santong.inventory import public as inventory


def correct_stock(
    *,
    row: FulfilmentOrder,
    declined: Mapping[int, int],
    sku_by_line: Mapping[int, int],
    effect: StockEffect,
    is_still_promised: bool,
    reason: str,
    now: datetime,
) -> None:
    """Lower what is on hand of the declined SKUs; what others are promised is left to them.

    Where nobody took the promises over they stand here still: the books then show a shortfall.
    Emits StockAdjusted, ShortfallOpened. Locks stock levels.
    """
    units_by_sku: dict[int, int] = {}
    for line_id, quantity in declined.items():
        sku_id = sku_by_line[line_id]
        units_by_sku[sku_id] = units_by_sku.get(sku_id, 0) + quantity
    levels = inventory.levels_of(
        merchant_id=row.merchant_id,
        location_ids=[row.location_id],
        sku_ids=list(units_by_sku),
        limit=len(units_by_sku),
    )
    for level in levels:
        units = units_by_sku[level.sku_id]
        promised = level.allocated + level.reserved - (units if is_still_promised else 0)
        on_hand = corrected_on_hand(
            effect=effect, on_hand=level.on_hand, promised=max(promised, 0), declined=units
        )
        if on_hand != level.on_hand:
            inventory.adjust(
                merchant_id=row.merchant_id,
                location_id=row.location_id,
                sku_id=level.sku_id,
                delta=on_hand - level.on_hand,
                reason=reason,
                key=f"decline:{row.id}:{level.sku_id}:{units}:{now.isoformat()}",
                now=now,
            )
