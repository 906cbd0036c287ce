"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.selectors.statements import Values, run
from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS = 50
# The sweeper comes twice a minute.
OVERDUE_AFTER_MINUTES = 10

_RULES = {
    "a level is the sum of its movements": Statement(
        """
SELECT format('location %%s, SKU %%s: on hand %%s, allocated %%s, reserved %%s;'
    ' movements say %%s, %%s, %%s', location_id, sku_id, l.on_hand, l.allocated, l.reserved,
    m.on_hand, m.allocated, m.reserved)
FROM (
  SELECT location_id, sku_id, sum(on_hand_delta) AS on_hand, sum(allocated_delta) AS allocated,
    sum(reserved_delta) AS reserved
  FROM inventory_stockmovement WHERE merchant_id = %(merchant)s GROUP BY 1, 2
) m FULL JOIN (
  SELECT * FROM inventory_stocklevel WHERE merchant_id = %(merchant)s
) l USING (location_id, sku_id)
WHERE (coalesce(l.on_hand, 0), coalesce(l.allocated, 0), coalesce(l.reserved, 0))
  <> (coalesce(m.on_hand, 0), coalesce(m.allocated, 0), coalesce(m.reserved, 0))
"""
    ),
    "reserved and allocated are the sums of live reservations": Statement(
        """
SELECT format('location %%s, SKU %%s: allocated %%s, reserved %%s; reservations say %%s, %%s',
    location_id, sku_id, l.allocated, l.reserved, r.allocated, r.reserved)
FROM (
  SELECT location_id, sku_id,
    coalesce(sum(quantity - consumed_quantity) FILTER (WHERE state = 'allocated'), 0) AS allocated,
    coalesce(sum(quantity - consumed_quantity) FILTER (WHERE state = 'held'), 0) AS reserved
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s AND state IN ('held', 'allocated') GROUP BY 1, 2
) r FULL JOIN (
  SELECT location_id, sku_id, allocated, reserved FROM inventory_stocklevel
  WHERE merchant_id = %(merchant)s AND (allocated, reserved) <> (0, 0)
) l USING (location_id, sku_id)
WHERE (coalesce(l.allocated, 0), coalesce(l.reserved, 0))
  <> (coalesce(r.allocated, 0), coalesce(r.reserved, 0))
"""
    ),
    "promises never exceed what is on hand but for a recorded shortfall": Statement(
        """
SELECT format('location %%s, SKU %%s: on hand %%s, promised %%s, shortfall %%s',
    location_id, sku_id, on_hand, allocated + reserved, shortfall)
FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s
  AND shortfall <> greatest(allocated + reserved - greatest(on_hand, 0), 0)
"""
    ),
    "every shortfall has an open task, and no task is open without one": Statement(
        """
SELECT format('location %%s, SKU %%s: shortfall %%s, open task %%s',
    location_id, sku_id, coalesce(l.shortfall, 0), t.quantity)
FROM (
  SELECT location_id, sku_id, shortfall FROM inventory_stocklevel
  WHERE merchant_id = %(merchant)s AND shortfall > 0
) l FULL JOIN (
  SELECT location_id, sku_id, quantity FROM inventory_shortfalltask
  WHERE merchant_id = %(merchant)s AND closed_at IS NULL
) t USING (location_id, sku_id)
WHERE l.shortfall IS DISTINCT FROM t.quantity
"""
    ),
    "no hold outlives its time": Statement(
        """
SELECT format('reservation %%s of %%s: held until %%s', id, holder, expires_at)
FROM inventory_reservation
WHERE merchant_id = %(merchant)s AND state = 'held'
  AND expires_at < coalesce(%(now)s::timestamptz, now())
    - make_interval(mins => %(overdue_minutes)s::int)
"""
    ),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare levels with movements, reservations and tasks; report what differs.

    Some findings of each rule, with how many more there are. Without `now`, the database's clock
    says which holds are overdue.
    """
    values: Values = {"merchant": merchant_id, "now": now, "overdue_minutes": OVERDUE_AFTER_MINUTES}
    return [
        Finding(context="inventory", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for detail in _details([detail for (detail,) in run(statement, values)])
    ]


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
