"""What has happened to the goods themselves: what receipts, counts, tills and corrections share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.catalog import public as catalog
from santong.inventory.events import MovedSku, ShortfallClosed, ShortfallOpened
from santong.inventory.rules.lines import check_key
from santong.inventory.selectors.movements import is_in_ledger
from santong.inventory.selectors.statements import Values, array, run
from santong.inventory.services.ledger import signature
from santong.inventory.services.lock import lock_levels
from santong.inventory.services.settle_shortfalls import settle_shortfalls
from santong.kernel.errors import NoSuch
from santong.kernel.wire import Statement
from santong.stores import public as stores

Kind = Literal["receive", "adjust", "count", "till_sale"]

# Before any level is locked, and in the order of the locks: two commands that both find a level
# missing wait for one another here and nowhere else.
_OPEN_LEVELS = Statement("""
INSERT INTO inventory_stocklevel (merchant_id, location_id, sku_id)
SELECT %(merchant)s, %(location)s, w.sku_id
FROM unnest(%(skus)s::bigint[]) AS w(sku_id)
WHERE NOT EXISTS (
  SELECT FROM inventory_stocklevel l WHERE l.merchant_id = %(merchant)s
    AND l.sku_id = w.sku_id AND l.location_id = %(location)s
)
ORDER BY w.sku_id
ON CONFLICT (merchant_id, sku_id, location_id) DO NOTHING
RETURNING id
""")

# The first movement carries the command's key; where the key is taken, the command has taken
# effect before and nothing happens again. A count is a change by what its level lacked. The gap
# that is left under promises is recorded in the same row.
_STATEMENT = Statement("""
WITH asked AS MATERIALIZED (
  SELECT l.id, l.sku_id, l.on_hand, l.shortfall,
    CASE WHEN %(is_count)s::bool THEN w.quantity - l.on_hand ELSE w.quantity END AS delta,
    w.place
  FROM unnest(%(skus)s::bigint[], %(quantities)s::int[]) WITH ORDINALITY
       AS w(sku_id, quantity, place)
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = w.sku_id AND l.location_id = %(location)s
  WHERE NOT %(is_guarded)s::bool OR w.quantity >= 0 OR l.on_hand + w.quantity >= 0
), claimed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, key, at, actor)
  SELECT %(merchant)s, %(location)s, sku_id, %(kind)s, delta, 0, 0, %(reason)s, '', %(key)s,
    %(now)s::timestamptz, %(actor)s
  FROM asked WHERE place = 1
  ON CONFLICT (merchant_id, key) WHERE key IS NOT NULL DO NOTHING
  RETURNING id
), followed AS (
  INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
    allocated_delta, reserved_delta, reason, holder, at, actor)
  SELECT %(merchant)s, %(location)s, sku_id, %(kind)s, delta, 0, 0, %(reason)s, '',
    %(now)s::timestamptz, %(actor)s
  FROM asked WHERE place > 1 AND EXISTS (SELECT FROM claimed)
)
UPDATE inventory_stocklevel l
SET on_hand = l.on_hand + k.delta,
  shortfall = greatest(l.allocated + l.reserved - greatest(l.on_hand + k.delta, 0), 0)
FROM asked k WHERE l.id = k.id AND EXISTS (SELECT FROM claimed)
RETURNING l.sku_id, k.delta, l.on_hand, k.shortfall <> l.shortfall
""")

ShortfallFact = ShortfallOpened | ShortfallClosed


@dataclass(frozen=True, slots=True)
class Booked:
    """What a command did to the levels of a place, and to their shortfalls."""

    skus: tuple[MovedSku, ...]
    settled: list[ShortfallFact]


def book(
    *,
    merchant_id: int,
    kind: Kind,
    location_id: int,
    quantity_by_sku: Mapping[int, int],
    reason: str,
    key: str,
    now: datetime,
    is_guarded: bool = False,
) -> Booked | None:
    """Change what is on hand, once for each key; None where nothing was changed.

    Quantities are changes, for a count what was found. `is_guarded` changes nothing where a level
    would end below zero. Opens levels that are not there.
    """
    check_key(key)
    ordered = sorted(quantity_by_sku)
    values: Values = {
        "merchant": merchant_id,
        "location": location_id,
        "skus": array(ordered),
        "quantities": array(quantity_by_sku[sku_id] for sku_id in ordered),
        "kind": kind,
        "is_count": kind == "count",
        "is_guarded": is_guarded,
        "reason": reason,
        "key": ledger_key(kind, key),
        "now": now,
        "actor": signature(),
    }
    open_levels(merchant_id=merchant_id, location_id=location_id, sku_ids=ordered)
    lock_levels(merchant_id=merchant_id, places=[(location_id, sku_id) for sku_id in ordered])
    rows = sorted(run(_STATEMENT, values))
    if not rows:
        return None
    short = {(location_id, sku_id) for sku_id, _, _, has_changed in rows if has_changed}
    return Booked(
        skus=tuple(
            MovedSku(sku_id=sku_id, delta=delta, on_hand=on_hand)
            for sku_id, delta, on_hand, _ in rows
        ),
        settled=settle_shortfalls(
            merchant_id=merchant_id, places=short, reason=reason or kind, now=now
        ),
    )


def open_levels(*, merchant_id: int, location_id: int, sku_ids: Sequence[int]) -> None:
    """Make sure that a place has a level of each SKU, empty where there was none.

    Raises NoSuch where the place or a SKU is not the merchant's.
    """
    opened = run(
        _OPEN_LEVELS,
        {"merchant": merchant_id, "location": location_id, "skus": array(sorted(sku_ids))},
    )
    if not opened:
        return
    if location_id not in stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[location_id]
    ):
        raise NoSuch(kind="location", key=str(location_id))
    known = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=sku_ids)
    for sku_id in sku_ids:
        if sku_id not in known:
            raise NoSuch(kind="sku", key=str(sku_id))


def ledger_key(kind: Kind, key: str) -> str:
    """The name of a command in the ledger: one till's numbers are not another desk's."""
    return f"{kind}/{key}"


def was_booked(*, merchant_id: int, kind: Kind, key: str) -> bool:
    """Whether the command of this key has taken effect before."""
    return is_in_ledger(merchant_id=merchant_id, key=ledger_key(kind, key))
