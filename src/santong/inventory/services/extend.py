"""Let a holder's holds last until another moment."""

from __future__ import annotations

from datetime import datetime

from santong.inventory.contracts import Reservation
from santong.inventory.errors import InsufficientStock
from santong.inventory.events import PromisedLine, StockReserved
from santong.inventory.rules.shortages import shortages
from santong.inventory.selectors.levels import atp_by_place
from santong.inventory.selectors.reservations import reservations_of
from santong.inventory.selectors.statements import array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.lock import lock_promises
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# What is held only changes its end; what has expired must be taken again, where it was. One level
# short, and nothing at all changes.
_STATEMENT = Statement("""
WITH mine AS MATERIALIZED (
  SELECT id, line_id, location_id, sku_id, quantity - consumed_quantity AS quantity,
    state = 'expired' AS is_gone
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s AND id = ANY(%(rows)s::bigint[])
    AND state IN ('held', 'expired')
), asked AS MATERIALIZED (
  SELECT location_id, sku_id, sum(quantity) AS gone FROM mine WHERE is_gone GROUP BY 1, 2
), enough AS MATERIALIZED (
  SELECT WHERE NOT EXISTS (
    SELECT FROM asked a JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
      AND l.sku_id = a.sku_id AND l.location_id = a.location_id
    WHERE l.atp < a.gone
  )
), promised AS (
  UPDATE inventory_stocklevel l SET reserved = l.reserved + a.gone
  FROM asked a, enough
  WHERE l.merchant_id = %(merchant)s AND l.sku_id = a.sku_id AND l.location_id = a.location_id
), moved AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'reserve', 0, 0, quantity,
    'held longer after it had expired', %(holder)s, line_id, %(now)s::timestamptz, %(actor)s
  FROM mine, enough WHERE is_gone
)
UPDATE inventory_reservation r
SET state = 'held', expires_at = %(expires)s::timestamptz, changed_at = %(now)s::timestamptz,
  attempt = r.attempt + m.is_gone::int
FROM mine m, enough WHERE r.id = m.id
RETURNING r.line_id, r.location_id, r.sku_id, m.quantity
""")


@all_or_nothing
def extend(
    *, merchant_id: int, holder: str, expires_at: datetime, now: datetime
) -> list[Reservation]:
    """Hold everything that a holder has reserved until another moment, sooner or later.

    What had expired is taken again in the same places; if it is gone there, nothing changes. What
    is firm stays firm. Gives all that is held for the holder now: nothing, where nothing was.

    Raises FieldInvalid, InsufficientStock. Emits StockReserved. Locks the holder, its
    reservations, then stock levels.
    """
    if expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="after now")
    locked = lock_promises(merchant_id=merchant_id, holder=holder)
    rows = run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "rows": array(locked),
            "holder": holder,
            "expires": expires_at,
            "now": now,
            "actor": signature(),
        },
    )
    standing = reservations_of(merchant_id=merchant_id, holder=holder)
    if rows:
        outbox.publish(_told(holder, rows, expires_at), now=now)
    else:
        _refuse_if_short(merchant_id, standing)
    return [row for row in standing if row.state == "held"]


def _refuse_if_short(merchant_id: int, standing: list[Reservation]) -> None:
    asked: dict[tuple[int, int], int] = {}
    for row in standing:
        if row.state == "expired":
            place = (row.location_id, row.sku_id)
            asked[place] = asked.get(place, 0) + row.quantity - row.consumed_quantity
    atp = atp_by_place(merchant_id=merchant_id, places=list(asked))
    if short := shortages(asked=asked, atp_by_place=atp):
        raise InsufficientStock(short=short)


def _told(
    holder: str, rows: list[tuple[int, int, int, int]], expires_at: datetime
) -> StockReserved:
    return StockReserved(
        holder=holder,
        expires_at=expires_at,
        lines=tuple(
            PromisedLine(line_id=line_id, location_id=location_id, sku_id=sku_id, quantity=quantity)
            for line_id, location_id, sku_id, quantity in rows
        ),
    )
