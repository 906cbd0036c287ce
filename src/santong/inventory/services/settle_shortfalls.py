"""Keep the shortfall tasks in step with the shortfalls of their levels."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.inventory.events import ShortfallClosed, ShortfallOpened
from santong.inventory.rules.lines import Place
from santong.inventory.selectors.statements import array, run
from santong.kernel.wire import Statement

# A statement of its own, after the levels were locked: tasks that another transaction opened
# while this one waited for the levels are seen here, and would not be in the same statement.
_STATEMENT = Statement("""
WITH level AS MATERIALIZED (
  SELECT l.location_id, l.sku_id, l.shortfall, t.id AS task_id, t.quantity AS known
  FROM unnest(%(locations)s::bigint[], %(skus)s::bigint[]) AS w(location_id, sku_id)
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = w.sku_id AND l.location_id = w.location_id
  LEFT JOIN inventory_shortfalltask t ON t.merchant_id = %(merchant)s
       AND t.location_id = l.location_id AND t.sku_id = l.sku_id AND t.closed_at IS NULL
), closed AS (
  UPDATE inventory_shortfalltask t SET closed_at = %(now)s::timestamptz
  FROM level v WHERE t.id = v.task_id AND v.shortfall = 0
), changed AS (
  UPDATE inventory_shortfalltask t SET quantity = v.shortfall
  FROM level v WHERE t.id = v.task_id AND v.shortfall > 0 AND v.shortfall <> v.known
), opened AS (
  INSERT INTO inventory_shortfalltask
    (merchant_id, location_id, sku_id, quantity, reason, opened_at)
  SELECT %(merchant)s, location_id, sku_id, shortfall, %(reason)s, %(now)s::timestamptz
  FROM level WHERE shortfall > 0 AND task_id IS NULL
  RETURNING id, location_id, sku_id
)
SELECT coalesce(v.task_id, o.id), v.location_id, v.sku_id, v.shortfall, coalesce(v.known, 0)
FROM level v LEFT JOIN opened o USING (location_id, sku_id)
WHERE v.shortfall <> coalesce(v.known, 0)
ORDER BY 1
""")


def settle_shortfalls(
    *, merchant_id: int, places: Collection[Place], reason: str, now: datetime
) -> list[ShortfallOpened | ShortfallClosed]:
    """Open, resize and close tasks for levels that this transaction has locked; give the facts."""
    if not places:
        return []
    ordered = sorted(places)
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "locations": array(location_id for location_id, _ in ordered),
            "skus": array(sku_id for _, sku_id in ordered),
            "reason": reason,
            "now": now,
        },
    )
    facts: list[ShortfallOpened | ShortfallClosed] = []
    for task_id, location_id, sku_id, shortfall, known in rows:
        if shortfall == 0:
            facts.append(
                ShortfallClosed(shortfall_id=task_id, location_id=location_id, sku_id=sku_id)
            )
        elif shortfall > known:
            facts.append(
                ShortfallOpened(
                    shortfall_id=task_id,
                    location_id=location_id,
                    sku_id=sku_id,
                    quantity=shortfall,
                    reason=reason,
                )
            )
    return facts
