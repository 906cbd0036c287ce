"""Goods leave a place under a promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.inventory.errors import NotPromisedHere
from santong.inventory.events import PromisedLine, StockConsumed
from santong.inventory.rules.lines import check_key, check_quantities
from santong.inventory.selectors.movements import is_in_ledger
from santong.inventory.selectors.reservations import rows_of_lines
from santong.inventory.selectors.statements import array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.lock import lock_promises
from santong.inventory.services.settle_shortfalls import settle_shortfalls
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_STATEMENT = Statement("""
WITH mine AS MATERIALIZED (
  SELECT r.id, r.line_id, r.location_id, r.sku_id, w.quantity,
    row_number() OVER (ORDER BY r.id) = 1 AS is_first
  FROM unnest(%(lines)s::bigint[], %(quantities)s::int[]) AS w(line_id, quantity)
  JOIN inventory_reservation r ON r.merchant_id = %(merchant)s AND r.holder = %(holder)s
       AND r.line_id = w.line_id AND r.location_id = %(location)s
  WHERE r.state = 'allocated' AND r.quantity - r.consumed_quantity >= w.quantity
), whole AS MATERIALIZED (
  SELECT * FROM mine WHERE (SELECT count(*) FROM mine) = %(count)s
), asked AS MATERIALIZED (
  SELECT l.id, l.sku_id, l.shortfall, a.quantity
  FROM (SELECT sku_id, sum(quantity) AS quantity FROM whole GROUP BY 1) a
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = a.sku_id AND l.location_id = %(location)s
), claimed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, key, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'consume', -quantity, -quantity, 0, '', %(holder)s,
    line_id, %(key)s, %(now)s::timestamptz, %(actor)s
  FROM whole WHERE is_first
  ON CONFLICT (merchant_id, key) WHERE key IS NOT NULL DO NOTHING
  RETURNING id
), followed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'consume', -quantity, -quantity, 0, '', %(holder)s,
    line_id, %(now)s::timestamptz, %(actor)s
  FROM whole WHERE NOT is_first AND EXISTS (SELECT FROM claimed)
), gone AS (
  UPDATE inventory_stocklevel l
  SET on_hand = l.on_hand - k.quantity, allocated = l.allocated - k.quantity,
    shortfall = greatest(l.allocated - k.quantity + l.reserved
      - greatest(l.on_hand - k.quantity, 0), 0)
  FROM asked k WHERE l.id = k.id AND EXISTS (SELECT FROM claimed)
  RETURNING l.sku_id, k.shortfall > 0 OR l.shortfall > 0 AS is_short
), ended AS (
  UPDATE inventory_reservation r
  SET consumed_quantity = r.consumed_quantity + m.quantity, changed_at = %(now)s::timestamptz,
    state = CASE WHEN r.consumed_quantity + m.quantity = r.quantity
      THEN 'consumed' ELSE 'allocated' END
  FROM whole m WHERE r.id = m.id AND EXISTS (SELECT FROM claimed)
)
SELECT m.line_id, m.sku_id, m.quantity, g.is_short
FROM whole m JOIN gone g USING (sku_id) ORDER BY m.id
""")


@all_or_nothing
def consume(
    *,
    merchant_id: int,
    holder: str,
    location_id: int,
    quantity_by_line: Mapping[int, int],
    key: str = "",
    now: datetime,
) -> None:
    """Book goods out that left a place under firm promises: all that is named, or nothing.

    A part may leave first and the rest later. With a `key`, the same key again changes nothing.
    Where the books had less than has left, they go below zero: it has left all the same.

    Raises NotPromisedHere, FieldInvalid. Emits StockConsumed, ShortfallClosed. Locks the
    holder, its reservations, then stock levels.
    """
    check_quantities(quantity_by_line)
    if key:
        check_key(key)
    lock_promises(merchant_id=merchant_id, holder=holder)
    ledger_key = f"consume/{key}" if key else None
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "holder": holder,
            "location": location_id,
            "lines": array(quantity_by_line),
            "quantities": array(quantity_by_line.values()),
            "count": len(quantity_by_line),
            "key": ledger_key,
            "now": now,
            "actor": signature(),
        },
    )
    if not rows:
        _refuse_unless_done(merchant_id, holder, location_id, quantity_by_line, ledger_key)
        return
    short = {(location_id, sku_id) for _, sku_id, _, is_short in rows if is_short}
    lines = tuple(
        PromisedLine(line_id=line_id, location_id=location_id, sku_id=sku_id, quantity=quantity)
        for line_id, sku_id, quantity, _ in rows
    )
    outbox.publish(
        StockConsumed(holder=holder, location_id=location_id, lines=lines),
        *settle_shortfalls(merchant_id=merchant_id, places=short, reason="consumed", now=now),
        now=now,
    )


def _refuse_unless_done(
    merchant_id: int,
    holder: str,
    location_id: int,
    quantity_by_line: Mapping[int, int],
    ledger_key: str | None,
) -> None:
    if ledger_key and is_in_ledger(merchant_id=merchant_id, key=ledger_key):
        return
    live = {
        row.line_id: row.live_quantity
        for row in rows_of_lines(merchant_id=merchant_id, holder=holder, line_ids=quantity_by_line)
        if row.location_id == location_id and row.state == "allocated"
    }
    raise NotPromisedHere(
        holder=holder,
        location_id=location_id,
        line_ids=[
            line_id
            for line_id, quantity in quantity_by_line.items()
            if live.get(line_id, 0) < quantity
        ],
    )
