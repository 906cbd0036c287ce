"""The guarded statement: takes promises from levels, or takes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from santong.inventory.contracts import Reservation, ReserveLine
from santong.inventory.events import PromisedLine, StockReserved
from santong.inventory.rules.lines import Place, claim_keys
from santong.inventory.selectors.statements import array, texts
from santong.inventory.services.ledger import signature
from santong.kernel import facts, tenancy
from santong.kernel.wire import Statement

# `locked` waits for its level and then asks the condition again of the newest version of the row:
# what a faster transaction took is gone. (Several levels are locked before, in their order; see
# `lock`.) Only where all have enough does anything below happen. `claimed` writes the row that
# names a line's promise; where that name is taken, nothing of the line happens again.
STATEMENT = """
WITH alone AS MATERIALIZED (
  SELECT pg_advisory_xact_lock(hashtextextended(%(alone)s, 0))
), locked AS MATERIALIZED (
  SELECT w.holder, w.line_id, l.location_id, l.sku_id, w.quantity, w.key
  FROM alone, unnest(%(holders)s::text[], %(lines)s::bigint[], %(locations)s::bigint[],
       %(skus)s::bigint[], %(quantities)s::int[], %(asked)s::int[], %(keys)s::text[])
       AS w(holder, line_id, location_id, sku_id, quantity, asked, key)
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = w.sku_id AND l.location_id = w.location_id
  WHERE l.atp >= w.asked
  ORDER BY l.sku_id, l.location_id
  FOR NO KEY UPDATE OF l
), claimed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, key, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'reserve', 0, quantity * %(firm)s::int,
    quantity * (1 - %(firm)s::int), '', holder, line_id, key, %(now)s::timestamptz, %(actor)s
  FROM locked
  WHERE key IS NOT NULL AND (SELECT count(*) FROM locked) = %(count)s
  ON CONFLICT (merchant_id, key) WHERE key IS NOT NULL DO NOTHING
  RETURNING holder, line_id, location_id, sku_id, allocated_delta, reserved_delta
), followed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
  SELECT %(merchant)s, location_id, sku_id, 'reserve', 0, quantity * %(firm)s::int,
    quantity * (1 - %(firm)s::int), '', holder, line_id, %(now)s::timestamptz, %(actor)s
  FROM locked
  WHERE key IS NULL AND (holder, line_id) IN (SELECT holder, line_id FROM claimed)
  RETURNING holder, line_id, location_id, sku_id, allocated_delta, reserved_delta
), moved AS (
  SELECT * FROM claimed UNION ALL SELECT * FROM followed
), promised AS (
  UPDATE inventory_stocklevel l
  SET allocated = l.allocated + m.allocated, reserved = l.reserved + m.reserved
  FROM (SELECT location_id, sku_id, sum(allocated_delta) AS allocated,
               sum(reserved_delta) AS reserved FROM moved GROUP BY 1, 2) m
  WHERE l.merchant_id = %(merchant)s AND l.sku_id = m.sku_id AND l.location_id = m.location_id
), told AS (
  INSERT INTO kernel_outboxevent
    (merchant_id, name, aggregate, body, actor, request_id, occurred_at)
  SELECT %(merchant)s, %(fact_name)s, %(fact_aggregate)s, %(fact_body)s::jsonb, %(actor)s,
    %(request)s, %(now)s::timestamptz
  WHERE %(fact_body)s::jsonb IS NOT NULL AND (SELECT count(*) FROM claimed) = %(named)s
)
INSERT INTO inventory_reservation AS r (merchant_id, holder, line_id, location_id, sku_id,
  quantity, state, expires_at, created_at, changed_at)
SELECT %(merchant)s, holder, line_id, location_id, sku_id, allocated_delta + reserved_delta,
  %(state)s, %(expires)s::timestamptz, %(now)s::timestamptz, %(now)s::timestamptz
FROM moved
ON CONFLICT (merchant_id, holder, line_id, location_id) DO UPDATE
  SET quantity = excluded.quantity
        + CASE WHEN r.state = 'allocated' THEN r.quantity ELSE r.consumed_quantity END,
    state = excluded.state,
    expires_at = excluded.expires_at, attempt = r.attempt + 1,
    changed_at = excluded.changed_at
RETURNING id, holder, line_id, location_id, sku_id, quantity, consumed_quantity,
  attempt
"""
_PROMISE = Statement(STATEMENT)


@dataclass(slots=True)
class Portions:
    """Parts of lines as the statement takes them: columns, side by side."""

    lines: list[ReserveLine] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def add(
        self, lines: Sequence[ReserveLine], *, holder: str, attempt_by_line: Mapping[int, int]
    ) -> None:
        """Merged lines of one holder; the first part of each carries the name of its promise."""
        self.lines += lines
        self.holders += [holder] * len(lines)
        self.keys += claim_keys(lines, holder=holder, attempt_by_line=attempt_by_line)


def promise(
    *,
    merchant_id: int,
    portions: Portions,
    asked: Mapping[Place, int],
    expires_at: datetime | None,
    alone: str | None,
    fact: StockReserved | None,
    now: datetime,
) -> list[Reservation]:
    """Take all portions from their levels, or none if one level is short.

    `asked` counts what each level is asked for. A line whose promise has its name in the ledger
    already is left out. The fact goes into the outbox with the same statement if no line was left
    out. `alone` names the one holder to lock.

    Locks the holder, then one stock level; several must have been locked before.
    """
    lines = portions.lines
    scope = tenancy.current()
    state: Literal["allocated", "held"] = "held" if expires_at else "allocated"
    rows = _PROMISE.rows(
        {
            "merchant": str(merchant_id),
            "alone": alone,
            "holders": texts(portions.holders),
            "lines": array([line.line_id for line in lines]),
            "locations": array([line.location_id for line in lines]),
            "skus": array([line.sku_id for line in lines]),
            "quantities": array([line.quantity for line in lines]),
            "asked": array([asked[line.location_id, line.sku_id] for line in lines]),
            "keys": texts(portions.keys),
            "count": str(len(lines)),
            "named": str(len(lines) - portions.keys.count(None)),
            "firm": "0" if expires_at else "1",
            "state": state,
            "expires": expires_at.isoformat() if expires_at else None,
            "now": now.isoformat(),
            "actor": signature(),
            "request": scope.request_id,
            "fact_name": facts.type_of(fact).name if fact else "",
            "fact_aggregate": facts.aggregate_of(fact) if fact else "",
            "fact_body": facts.body_of(fact) if fact else None,
        }
    )
    return [
        Reservation(
            id=reservation_id,
            holder=holder,
            line_id=line_id,
            location_id=location_id,
            sku_id=sku_id,
            quantity=quantity,
            consumed_quantity=consumed,
            state=state,
            expires_at=expires_at,
            attempt=attempt,
        )
        for (
            reservation_id,
            holder,
            line_id,
            location_id,
            sku_id,
            quantity,
            consumed,
            attempt,
        ) in rows
    ]


def told_of(
    lines: Sequence[ReserveLine] | Sequence[Reservation],
    *,
    holder: str,
    expires_at: datetime | None,
) -> StockReserved:
    """The fact that says so."""
    return StockReserved(
        holder=holder,
        expires_at=expires_at,
        lines=tuple(
            PromisedLine(
                line_id=line.line_id,
                location_id=line.location_id,
                sku_id=line.sku_id,
                quantity=line.quantity,
            )
            for line in lines
        ),
    )
