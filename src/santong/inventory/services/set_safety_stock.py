"""Say what a place keeps for itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.inventory.rules.lines import check_quantities
from santong.inventory.selectors.statements import array, run
from santong.inventory.services.book import open_levels
from santong.inventory.services.lock import lock_levels
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_STATEMENT = Statement("""
WITH asked AS MATERIALIZED (
  SELECT l.id, l.safety_stock, w.quantity
  FROM unnest(%(skus)s::bigint[], %(quantities)s::int[]) AS w(sku_id, quantity)
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = w.sku_id AND l.location_id = %(location)s
  WHERE l.safety_stock <> w.quantity
)
UPDATE inventory_stocklevel l SET safety_stock = k.quantity
FROM asked k WHERE l.id = k.id
RETURNING l.id, k.safety_stock, l.safety_stock
""")


@all_or_nothing
def set_safety_stock(
    *,
    merchant_id: int,
    location_id: int,
    quantity_by_sku: Mapping[int, int],
    reason: str,
    now: datetime,
) -> None:
    """Keep so many units of each SKU out of every promise at a place.

    Promises that were made stay, also where they reach into the safety stock.

    Raises FieldInvalid, NoSuch. Locks stock levels.
    """
    check_quantities(quantity_by_sku, least=0)
    ordered = sorted(quantity_by_sku)
    open_levels(merchant_id=merchant_id, location_id=location_id, sku_ids=ordered)
    lock_levels(merchant_id=merchant_id, places=[(location_id, sku_id) for sku_id in ordered])
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "location": location_id,
            "skus": array(ordered),
            "quantities": array(quantity_by_sku[sku_id] for sku_id in ordered),
        },
    )
    audit.record(
        *(
            audit.Change(
                action="inventory.set_safety_stock",
                subject="stock_level",
                subject_id=level_id,
                reason=reason,
                before={"safety_stock": before},
                after={"safety_stock": after},
            )
            for level_id, before, after in sorted(rows)
        ),
        now=now,
    )
