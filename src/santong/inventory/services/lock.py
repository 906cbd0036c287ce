"""Lock first: the order in which every command takes what it will write.

The holder, then its reservations by id, then levels by SKU and place. What is written comes in a
statement of its own, which begins when everything is locked and therefore sees the newest version
of every row. In one statement it would not do: PostgreSQL tests a row's constraints on the version
that the statement's snapshot knows before it goes on to the newest one, so a level that another
command has just changed would be refused for what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from santong.inventory.rules.lines import Place
from santong.inventory.selectors.statements import Values, array, run
from santong.kernel.wire import Statement

_HOLDER = Statement(
    "SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended(%(holder)s, 0))) AS locked"
)

_TRY_HOLDER = Statement("SELECT pg_try_advisory_xact_lock(hashtextextended(%(holder)s, 0))")

_LEVELS = Statement("""
SELECT l.location_id, l.sku_id, l.atp
FROM unnest(%(locations)s::bigint[], %(skus)s::bigint[]) AS w(location_id, sku_id)
JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
     AND l.sku_id = w.sku_id AND l.location_id = w.location_id
ORDER BY l.sku_id, l.location_id
FOR NO KEY UPDATE OF l
""")

_PROMISES = """
WITH mine AS MATERIALIZED (
  SELECT id, location_id, sku_id FROM inventory_reservation
  WHERE merchant_id = %(merchant)s {which}
), locked AS MATERIALIZED (
  SELECT l.id
  FROM (
    SELECT location_id, sku_id FROM mine
    UNION
    SELECT * FROM unnest(%(locations)s::bigint[], %(skus)s::bigint[])
  ) w
  JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
       AND l.sku_id = w.sku_id AND l.location_id = w.location_id
  ORDER BY l.sku_id, l.location_id
  FOR NO KEY UPDATE OF l
)
SELECT id FROM mine WHERE (SELECT count(*) FROM locked) > 0
"""
_OF_HOLDER = Statement(
    _PROMISES.format(which="AND holder = %(name)s ORDER BY id FOR NO KEY UPDATE")
)
# What somebody works on at this moment is left to them, so this waits for no reservation.
_DUE = Statement(
    _PROMISES.format(
        which="AND expires_at <= %(now)s::timestamptz ORDER BY expires_at LIMIT %(limit)s"
        " FOR NO KEY UPDATE SKIP LOCKED"
    )
)


def holder_lock(*, merchant_id: int, holder: str) -> str:
    """What is locked for a holder: commands for one holder follow one another."""
    return f"inventory/{merchant_id}/{holder}"


def lock_levels(*, merchant_id: int, places: Collection[Place]) -> dict[Place, int]:
    """Take levels, and say what each can promise. Levels that are not there are left out."""
    values: Values = {"merchant": merchant_id, **_arrays(places)}
    return {(location_id, sku_id): atp for location_id, sku_id, atp in run(_LEVELS, values)}


def lock_holder(*, merchant_id: int, holder: str) -> None:
    """Wait until no other command works for a holder; what it did can be seen from now on."""
    run(_HOLDER, {"holder": holder_lock(merchant_id=merchant_id, holder=holder)})


def try_lock_holder(*, merchant_id: int, holder: str) -> bool:
    """The same without waiting; False where another command works for the holder."""
    values = {"holder": holder_lock(merchant_id=merchant_id, holder=holder)}
    ((is_locked,),) = run(_TRY_HOLDER, values)
    return bool(is_locked)


def lock_promises(*, merchant_id: int, holder: str, places: Collection[Place] = ()) -> list[int]:
    """Take a holder with all its reservations, their levels, and levels at other places."""
    lock_holder(merchant_id=merchant_id, holder=holder)
    values: Values = {"merchant": merchant_id, "name": holder, **_arrays(places)}
    return [row_id for (row_id,) in run(_OF_HOLDER, values)]


def lock_due(*, merchant_id: int, limit: int, now: datetime) -> list[int]:
    """Take holds that have run out, with their levels."""
    values: Values = {"merchant": merchant_id, "now": now, "limit": limit, **_arrays(())}
    return [row_id for (row_id,) in run(_DUE, values)]


def _arrays(places: Collection[Place]) -> dict[str, str]:
    ordered: Sequence[Place] = sorted(places)
    return {
        "locations": array(location_id for location_id, _ in ordered),
        "skus": array(sku_id for _, sku_id in ordered),
    }
