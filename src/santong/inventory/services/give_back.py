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

# A row that another transaction has ended since this statement began is read again when its lock
# comes free, and left alone: only what is live now goes back, once.
_STATEMENT = """
WITH mine AS MATERIALIZED (
  SELECT id, holder, line_id, location_id, sku_id, quantity - consumed_quantity AS quantity,
    state = 'held' AS is_held
  FROM inventory_reservation
  WHERE merchant_id = %(merchant)s {which}
), asked AS MATERIALIZED (
  SELECT location_id, sku_id, coalesce(sum(quantity) FILTER (WHERE is_held), 0) AS held,
    coalesce(sum(quantity) FILTER (WHERE NOT is_held), 0) AS firm
  FROM mine GROUP BY 1, 2
), locked AS MATERIALIZED (
  SELECT l.id, l.location_id, l.sku_id, l.shortfall, a.held, a.firm
  FROM asked a JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = a.sku_id AND l.location_id = a.location_id
  ORDER BY l.sku_id, l.location_id
  FOR NO KEY UPDATE OF l
), freed AS (
  UPDATE inventory_stocklevel l
  SET allocated = l.allocated - k.firm, reserved = l.reserved - k.held,
    shortfall = greatest(
      l.allocated - k.firm + l.reserved - k.held - greatest(l.on_hand, 0), 0)
  FROM locked k WHERE l.id = k.id
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
SELECT m.holder, m.line_id, m.location_id, m.sku_id, m.quantity, k.shortfall > 0
FROM mine m JOIN locked k USING (location_id, sku_id)
ORDER BY m.id
"""

_OF_HOLDER = "AND holder = %(holder)s AND state IN ('held', 'allocated')"
_IN_ORDER = "ORDER BY id FOR NO KEY UPDATE"
_RELEASE_ALL = _STATEMENT.format(which=f"{_OF_HOLDER} {_IN_ORDER}")
_RELEASE_LINES = _STATEMENT.format(
    which=f"{_OF_HOLDER} AND line_id = ANY(%(lines)s::bigint[]) {_IN_ORDER}"
)
_EXPIRE = _STATEMENT.format(
    which="AND expires_at <= %(now)s::timestamptz ORDER BY expires_at LIMIT %(limit)s"
    " FOR NO KEY UPDATE SKIP LOCKED"
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One line's part at one place that is promised no more."""

    holder: str
    line: PromisedLine


def give_back_lines(
    *, merchant_id: int, holder: str, line_ids: Sequence[int] | None, reason: str, now: datetime
) -> list[GivenBack]:
    """End what is live of a holder, or of some of its lines."""
    return _give_back(
        _RELEASE_ALL if line_ids is None else _RELEASE_LINES,
        {"holder": holder, "lines": array(line_ids or ()), "reason": reason},
        merchant_id=merchant_id,
        ending="released",
        now=now,
    )


def give_back_due(*, merchant_id: int, limit: int, now: datetime) -> list[GivenBack]:
    """End holds that have run out, leaving alone those that somebody works on at this moment."""
    return _give_back(
        _EXPIRE,
        {"limit": limit, "reason": ""},
        merchant_id=merchant_id,
        ending="expired",
        now=now,
    )


def _give_back(
    statement: str,
    values: dict[str, object],
    *,
    merchant_id: int,
    ending: Literal["released", "expired"],
    now: datetime,
) -> list[GivenBack]:
    rows = run(
        statement,
        {
            **values,
            "merchant": merchant_id,
            "kind": "release" if ending == "released" else "expire",
            "state": ending,
            "now": now,
            "actor": signature(),
        },
    )
    short = {(location_id, sku_id) for _, _, location_id, sku_id, _, was_short in rows if was_short}
    outbox.publish(
        *settle_shortfalls(merchant_id=merchant_id, places=short, reason="", now=now), now=now
    )
    return [
        GivenBack(
            holder,
            PromisedLine(
                line_id=line_id, location_id=location_id, sku_id=sku_id, quantity=quantity
            ),
        )
        for holder, line_id, location_id, sku_id, quantity, _ in rows
    ]
