"""Make a holder's promises firm."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.contracts import Reservation
from santong.inventory.errors import InsufficientStock
from santong.inventory.events import PromisedLine, StockAllocated
from santong.inventory.rules.shortages import shortages
from santong.inventory.selectors.levels import atp_by_place
from santong.inventory.selectors.reservations import reservations_of
from santong.inventory.selectors.statements import array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.lock import lock_promises
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# What is held changes its column and takes nothing from anybody; what has expired must be taken
# again, where it was. One level short, and nothing at all changes.
_STATEMENT = Statement("""
WITH mine AS MATERIALIZED (
  SELECT id, line_id, location_id, sku_id, quantity - consumed_quantity AS quantity,
    state = 'held' AS is_held
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s AND id = ANY(%(rows)s::bigint[])
    AND state IN ('held', 'expired')
), asked AS MATERIALIZED (
  SELECT location_id, sku_id, sum(quantity) AS total,
    coalesce(sum(quantity) FILTER (WHERE is_held), 0) AS held,
    coalesce(sum(quantity) FILTER (WHERE NOT is_held), 0) AS gone
  FROM mine GROUP BY 1, 2
), enough AS MATERIALIZED (
  SELECT WHERE NOT EXISTS (
    SELECT FROM asked a JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
      AND l.sku_id = a.sku_id AND l.location_id = a.location_id
    WHERE l.atp < a.gone
  )
), promised AS (
  UPDATE inventory_stocklevel l
  SET allocated = l.allocated + a.total, reserved = l.reserved - a.held
  FROM asked a, enough
  WHERE l.merchant_id = %(merchant)s AND l.sku_id = a.sku_id AND l.location_id = a.location_id
), moved AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'allocate', 0, quantity,
    CASE WHEN is_held THEN -quantity ELSE 0 END,
    CASE WHEN is_held THEN '' ELSE 'paid after it had expired' END,
    %(holder)s, line_id, %(now)s::timestamptz, %(actor)s
  FROM mine, enough
)
UPDATE inventory_reservation r
SET state = 'allocated', expires_at = NULL, changed_at = %(now)s::timestamptz,
  attempt = r.attempt + (NOT m.is_held)::int
FROM mine m, enough WHERE r.id = m.id
RETURNING r.line_id, r.location_id, r.sku_id, m.quantity
""")


@all_or_nothing
def allocate(*, merchant_id: int, holder: str, now: datetime) -> list[Reservation]:
    """Make everything that a holder has reserved firm; it expires no more.

    What had expired is taken again in the same places; if it is gone there, nothing changes. Gives
    all that is firm for the holder now, or has been consumed: nothing, where nothing was reserved.

    Raises InsufficientStock. Emits StockAllocated. Locks the holder, its reservations, then stock
    levels.
    """
    locked = lock_promises(merchant_id=merchant_id, holder=holder)
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "rows": array(locked),
            "holder": holder,
            "now": now,
            "actor": signature(),
        },
    )
    standing = reservations_of(merchant_id=merchant_id, holder=holder)
    if rows:
        outbox.publish(_told(holder, rows), now=now)
    else:
        _refuse_if_short(merchant_id, standing)
    return [row for row in standing if row.state in ("allocated", "consumed")]


def _refuse_if_short(merchant_id: int, standing: list[Reservation]) -> None:
    asked: dict[tuple[int, int], int] = {}
    for row in standing:
        if row.state == "expired":
            place = (row.location_id, row.sku_id)
            asked[place] = asked.get(place, 0) + row.quantity - row.consumed_quantity
    atp = atp_by_place(merchant_id=merchant_id, places=list(asked))
    short = shortages(asked=asked, atp_by_place=atp)
    if short:
        raise InsufficientStock(short=short)


def _told(holder: str, rows: list[tuple[int, int, int, int]]) -> StockAllocated:
    return StockAllocated(
        holder=holder,
        lines=tuple(
            PromisedLine(line_id=line_id, location_id=location_id, sku_id=sku_id, quantity=quantity)
            for line_id, location_id, sku_id, quantity in rows
        ),
    )
