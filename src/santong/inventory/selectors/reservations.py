"""What is promised, and to whom."""

from __future__ import annotations

from collections.abc import Iterable

from santong.inventory.contracts import Reservation
from santong.inventory.models import Reservation as ReservationRow
from santong.inventory.selectors.statements import Values, run
from santong.kernel.wire import Statement

# The newest movements of the level lead to its promises, so live reservations need no index that
# every order would have to write.
_AT_LEVEL = Statement("""
SELECT r.id
FROM (
  SELECT holder, line_id, max(id) AS newest
  FROM (
    SELECT id, holder, line_id FROM inventory_stockmovement
    WHERE merchant_id = %(merchant)s AND sku_id = %(sku)s AND location_id = %(location)s
      AND kind IN ('reserve', 'allocate', 'move_in')
    ORDER BY id DESC LIMIT %(looked_at)s
  ) m
  GROUP BY 1, 2
) promises
JOIN inventory_reservation r ON r.merchant_id = %(merchant)s AND r.holder = promises.holder
  AND r.line_id = promises.line_id AND r.location_id = %(location)s
WHERE r.state IN ('held', 'allocated')
ORDER BY promises.newest DESC LIMIT %(limit)s
""")
_LOOKED_AT = 20_000


def reservations_of(*, merchant_id: int, holder: str) -> list[Reservation]:
    """Everything that was ever promised to a holder, whatever its state, oldest first."""
    rows = ReservationRow.objects.of_merchant(merchant_id).filter(holder=holder).order_by("id")
    return [row.as_contract() for row in rows]


def reservations_by_holder(
    *, merchant_id: int, holders: Iterable[str]
) -> dict[str, list[Reservation]]:
    """The same for many holders; those that never had anything are left out."""
    rows = ReservationRow.objects.of_merchant(merchant_id).filter(holder__in=list(holders))
    found: dict[str, list[Reservation]] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.holder, []).append(row.as_contract())
    return found


def rows_of_lines(*, merchant_id: int, holder: str, line_ids: Iterable[int]) -> list[Reservation]:
    """What was ever promised to some lines of a holder, oldest first."""
    rows = (
        ReservationRow.objects.of_merchant(merchant_id)
        .filter(holder=holder, line_id__in=list(line_ids))
        .order_by("id")
    )
    return [row.as_contract() for row in rows]


def live_reservations_at(
    *, merchant_id: int, location_id: int, sku_id: int, limit: int = 100
) -> list[Reservation]:
    """Who is still promised this SKU from this place, the newest promise first."""
    values: Values = {
        "merchant": merchant_id,
        "location": location_id,
        "sku": sku_id,
        "looked_at": _LOOKED_AT,
        "limit": limit,
    }
    ids = [row_id for (row_id,) in run(_AT_LEVEL, values)]
    row_by_id = ReservationRow.objects.of_merchant(merchant_id).in_bulk(ids)
    return [row_by_id[row_id].as_contract() for row_id in ids]
