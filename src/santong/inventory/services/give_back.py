"""Promises end before anything has left: what release and expiry share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.inventory.events import PromisedLine
from santong.inventory.selectors.statements import array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.settle_shortfalls import settle_shortfalls
from santong.kernel import outbox
from santong.kernel.wire import Statement

# Only what is live goes back, once: what others ended before the rows were locked is left alone.
_STATEMENT = Statement("""
WITH mine AS MATERIALIZED (
  SELECT id, holder, line_id, location_id, sku_id, quantity - consumed_quantity AS quantity,
    state = 'held' AS is_held
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s AND id = ANY(%(rows)s::bigint[])
    AND state IN ('held', 'allocated')
    AND (%(all_lines)s::bool OR line_id = ANY(%(lines)s::bigint[]))
), asked AS MATERIALIZED (
  SELECT l.id, l.shortfall, a.*
  FROM (
    SELECT location_id, sku_id, coalesce(sum(quantity) FILTER (WHERE is_held), 0) AS held,
      coalesce(sum(quantity) FILTER (WHERE NOT is_held), 0) AS firm
    FROM mine GROUP BY 1, 2
  ) a
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
    AND l.sku_id = a.sku_id AND l.location_id = a.location_id
), freed AS (
  UPDATE inventory_stocklevel l
  SET allocated = l.allocated - a.firm, reserved = l.reserved - a.held,
    shortfall = greatest(
      l.allocated - a.firm + l.reserved - a.held - greatest(l.on_hand, 0), 0)
  FROM asked a WHERE l.id = a.id
), moved AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, location_id, sku_id, %(kind)s, 0,
    CASE WHEN is_held THEN 0 ELSE -quantity END, CASE WHEN is_held THEN -quantity ELSE 0 END,
    %(reason)s, holder, line_id, %(now)s::timestamptz, %(actor)s
  FROM mine
), ended AS (
  UPDATE inventory_reservation r
  SET state = CASE WHEN r.consumed_quantity > 0 THEN 'consumed' ELSE %(state)s END,
    quantity = CASE WHEN r.consumed_quantity > 0 THEN r.consumed_quantity ELSE r.quantity END,
    expires_at = NULL, changed_at = %(now)s::timestamptz
  FROM mine m WHERE r.id = m.id
)
SELECT m.holder, m.line_id, m.location_id, m.sku_id, m.quantity, a.shortfall > 0
FROM mine m JOIN asked a USING (location_id, sku_id)
ORDER BY m.id
""")


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One line's part at one place that is promised no more."""

    holder: str
    line: PromisedLine


def give_back(
    *,
    merchant_id: int,
    row_ids: Sequence[int],
    line_ids: Sequence[int] | None,
    ending: Literal["released", "expired"],
    reason: str,
    now: datetime,
) -> list[GivenBack]:
    """End what is live of reservations that are locked with their levels; of some lines, or all."""
    if not row_ids:
        return []
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "rows": array(row_ids),
            "all_lines": line_ids is None,
            "lines": array(line_ids or ()),
            "kind": "release" if ending == "released" else "expire",
            "state": ending,
            "reason": reason,
            "now": now,
            "actor": signature(),
        },
    )
    short = {(location_id, sku_id) for _, _, location_id, sku_id, _, was_short in rows if was_short}
    settled = settle_shortfalls(merchant_id=merchant_id, places=short, reason="", now=now)
    outbox.publish(*settled, now=now)
    return [
        GivenBack(
            holder,
            PromisedLine(
                line_id=line_id, location_id=location_id, sku_id=sku_id, quantity=quantity
            ),
        )
        for holder, line_id, location_id, sku_id, quantity, _ in rows
    ]
