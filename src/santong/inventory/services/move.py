"""Hand promises from one place to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.inventory.contracts import Reservation, ReserveLine
from santong.inventory.errors import InsufficientStock, NotPromisedHere
from santong.inventory.events import PromisedLine, ReservationMoved
from santong.inventory.rules.lines import Place, asked_by_place, merged, quantity_by_line
from santong.inventory.rules.shortages import shortages
from santong.inventory.selectors.levels import atp_by_place
from santong.inventory.selectors.reservations import rows_of_lines
from santong.inventory.selectors.statements import Values, array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.lock import lock_promises
from santong.inventory.services.settle_shortfalls import settle_shortfalls
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_STATEMENT = Statement("""
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest(%(lines)s::bigint[], %(locations)s::bigint[], %(skus)s::bigint[],
    %(quantities)s::int[]) AS w(line_id, location_id, sku_id, quantity)
), mine AS MATERIALIZED (
  SELECT id, line_id, sku_id, quantity - consumed_quantity AS quantity, state, expires_at
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s AND holder = %(holder)s AND location_id = %(from)s
    AND state IN ('held', 'allocated')
), leaving AS MATERIALIZED (
  SELECT m.id, m.line_id, m.sku_id, m.state, m.expires_at, m.quantity AS here, w.quantity
  FROM (SELECT line_id, sku_id, sum(quantity)::int AS quantity FROM wanted GROUP BY 1, 2) w
  JOIN mine m ON m.line_id = w.line_id AND m.sku_id = w.sku_id
  WHERE m.quantity >= w.quantity
), changes AS MATERIALIZED (
  SELECT location_id, sku_id, sum(held)::int AS held, sum(firm)::int AS firm,
    max(asked)::int AS asked
  FROM (
    SELECT %(from)s::bigint AS location_id, sku_id,
      CASE WHEN state = 'held' THEN -quantity ELSE 0 END AS held,
      CASE WHEN state = 'held' THEN 0 ELSE -quantity END AS firm, 0 AS asked
    FROM leaving
    UNION ALL
    SELECT w.location_id, w.sku_id, CASE WHEN v.state = 'held' THEN w.quantity ELSE 0 END,
      CASE WHEN v.state = 'held' THEN 0 ELSE w.quantity END,
      sum(w.quantity) OVER (PARTITION BY w.location_id, w.sku_id)
    FROM wanted w JOIN leaving v USING (line_id)
  ) c
  WHERE (SELECT count(*) FROM leaving) = %(count)s
  GROUP BY 1, 2
), levels AS MATERIALIZED (
  SELECT l.id, l.location_id, l.sku_id, l.shortfall, c.held, c.firm
  FROM changes c JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = c.sku_id AND l.location_id = c.location_id
  WHERE l.atp >= c.asked
), enough AS MATERIALIZED (
  SELECT WHERE EXISTS (SELECT FROM changes)
    AND (SELECT count(*) FROM levels) = (SELECT count(*) FROM changes)
), promised AS (
  UPDATE inventory_stocklevel l
  SET allocated = l.allocated + k.firm, reserved = l.reserved + k.held,
    shortfall = greatest(
      l.allocated + k.firm + l.reserved + k.held - greatest(l.on_hand, 0), 0)
  FROM levels k, enough WHERE l.id = k.id
), moved AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, c.location_id, c.sku_id, c.kind, 0,
    CASE WHEN c.state = 'held' THEN 0 ELSE c.delta END,
    CASE WHEN c.state = 'held' THEN c.delta ELSE 0 END,
    %(reason)s, %(holder)s, c.line_id, %(now)s::timestamptz, %(actor)s
  FROM (
    SELECT %(from)s::bigint AS location_id, sku_id, line_id, state, -quantity AS delta,
      'move_out' AS kind FROM leaving
    UNION ALL
    SELECT w.location_id, w.sku_id, w.line_id, v.state, w.quantity, 'move_in'
    FROM wanted w JOIN leaving v USING (line_id)
  ) c, enough
), left_behind AS (
  UPDATE inventory_reservation r
  SET state = CASE WHEN v.quantity < v.here THEN r.state
      WHEN r.consumed_quantity > 0 THEN 'consumed' ELSE 'released' END,
    quantity = CASE WHEN v.quantity < v.here OR r.consumed_quantity > 0
      THEN r.quantity - v.quantity ELSE r.quantity END,
    expires_at = CASE WHEN v.quantity < v.here THEN r.expires_at END,
    changed_at = %(now)s::timestamptz
  FROM leaving v, enough WHERE r.id = v.id
), arrived AS (
  INSERT INTO inventory_reservation AS r (merchant_id, holder, line_id, location_id, sku_id,
    quantity, state, expires_at, created_at, changed_at)
  SELECT %(merchant)s, %(holder)s, w.line_id, w.location_id, w.sku_id, w.quantity, v.state,
    v.expires_at, %(now)s::timestamptz, %(now)s::timestamptz
  FROM wanted w JOIN leaving v USING (line_id), enough
  ON CONFLICT (merchant_id, holder, line_id, location_id) DO UPDATE
    SET quantity = excluded.quantity + CASE WHEN r.state IN ('held', 'allocated')
        THEN r.quantity ELSE r.consumed_quantity END,
      state = excluded.state, expires_at = excluded.expires_at, attempt = r.attempt + 1,
      changed_at = excluded.changed_at
)
SELECT location_id, sku_id, shortfall > 0 FROM levels, enough
""")


@all_or_nothing
def move(
    *,
    merchant_id: int,
    holder: str,
    from_location_id: int,
    lines: Sequence[ReserveLine],
    reason: str,
    now: datetime,
) -> list[Reservation]:
    """Promise from other places what one place has promised to these lines, all or nothing.

    `lines` say where to, and how many; what is not named stays. Held stays held until the same
    moment, firm stays firm. Asking again for what stands there already changes nothing. Gives the
    reservations of these lines that stand now.

    Raises InsufficientStock, NotPromisedHere, FieldInvalid. Emits ReservationMoved,
    ShortfallClosed. Locks the holder, its reservations, then stock levels.
    """
    wanted = merged(lines)
    if any(line.location_id == from_location_id for line in wanted):
        raise FieldInvalid(pointer="/lines", reason="to the place where it is")
    asked = _Move(merchant_id, holder, from_location_id, wanted, reason, now)
    line_ids = quantity_by_line(wanted)
    lock_promises(merchant_id=merchant_id, holder=holder, places=_places(from_location_id, wanted))
    touched = run(_STATEMENT, _values(asked))
    rows = rows_of_lines(merchant_id=merchant_id, holder=holder, line_ids=line_ids)
    if touched:
        _tell(asked, touched)
    else:
        _refuse_unless_done(asked, rows)
    return [row for row in rows if row.is_standing]


@dataclass(frozen=True, slots=True)
class _Move:
    merchant_id: int
    holder: str
    from_location_id: int
    wanted: Sequence[ReserveLine]
    reason: str
    now: datetime


def _values(asked: _Move) -> Values:
    lines = asked.wanted
    return {
        "merchant": asked.merchant_id,
        "holder": asked.holder,
        "from": asked.from_location_id,
        "lines": array(line.line_id for line in lines),
        "locations": array(line.location_id for line in lines),
        "skus": array(line.sku_id for line in lines),
        "quantities": array(line.quantity for line in lines),
        "count": len({line.line_id for line in lines}),
        "reason": asked.reason,
        "now": asked.now,
        "actor": signature(),
    }


def _tell(asked: _Move, touched: Sequence[tuple[int, int, bool]]) -> None:
    short = {(location_id, sku_id) for location_id, sku_id, was_short in touched if was_short}
    fact = ReservationMoved(
        holder=asked.holder,
        from_location_id=asked.from_location_id,
        reason=asked.reason,
        lines=tuple(
            PromisedLine(
                line_id=line.line_id,
                location_id=line.location_id,
                sku_id=line.sku_id,
                quantity=line.quantity,
            )
            for line in asked.wanted
        ),
    )
    settled = settle_shortfalls(
        merchant_id=asked.merchant_id, places=short, reason="", now=asked.now
    )
    outbox.publish(fact, *settled, now=asked.now)


def _places(from_location_id: int, wanted: Sequence[ReserveLine]) -> set[Place]:
    """Every level that changes: where it is now, and where it is to be."""
    new = {(line.location_id, line.sku_id) for line in wanted}
    return new | {(from_location_id, line.sku_id) for line in wanted}


def _refuse_unless_done(asked: _Move, rows: Sequence[Reservation]) -> None:
    """Nothing was moved: it was moved before, it is not here, or one of the new places is short."""
    if missing := _not_here(asked, rows):
        if _stands_there(asked.wanted, rows):
            return
        raise NotPromisedHere(
            holder=asked.holder, location_id=asked.from_location_id, line_ids=missing
        )
    wanted = asked_by_place(asked.wanted)
    atp = atp_by_place(merchant_id=asked.merchant_id, places=list(wanted))
    raise InsufficientStock(short=shortages(asked=wanted, atp_by_place=atp))


def _not_here(asked: _Move, rows: Sequence[Reservation]) -> list[int]:
    """Lines to which the place does not promise so much."""
    here = {
        row.line_id: row.live_quantity for row in rows if row.location_id == asked.from_location_id
    }
    return [
        line_id
        for line_id, quantity in quantity_by_line(asked.wanted).items()
        if here.get(line_id, 0) < quantity
    ]


def _stands_there(wanted: Sequence[ReserveLine], rows: Sequence[Reservation]) -> bool:
    """Whether the same move was made before: everything is where it was to go."""
    there = {(row.line_id, row.location_id): row.quantity for row in rows if row.is_standing}
    return all(there.get((line.line_id, line.location_id), 0) >= line.quantity for line in wanted)
