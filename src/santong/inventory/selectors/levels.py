"""What places hold and can promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from santong.inventory.contracts import Atp, AtpColumn, Level
from santong.inventory.models import StockLevel
from santong.inventory.rules.lines import Place
from santong.inventory.selectors.statements import Values, array, run
from santong.kernel.wire import Statement

_AMONG = Statement("""
SELECT location_id, sku_id, atp FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s AND sku_id = ANY(%(skus)s::bigint[])
  AND location_id = ANY(%(locations)s::bigint[]) AND atp > 0
""")
_ANYWHERE = Statement("""
SELECT location_id, sku_id, atp FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s AND sku_id = ANY(%(skus)s::bigint[]) AND atp > 0
""")
_COLUMNS = Statement("""
SELECT sku_id, array_agg(location_id)::text, array_agg(atp)::text FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s AND sku_id = ANY(%(skus)s::bigint[]) AND atp > 0
GROUP BY sku_id
""")
_COLUMNS_AMONG = Statement("""
SELECT sku_id, array_agg(location_id)::text, array_agg(atp)::text FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s AND sku_id = ANY(%(skus)s::bigint[])
  AND location_id = ANY(%(locations)s::bigint[]) AND atp > 0
GROUP BY sku_id
""")
_SUMS = Statement("""
SELECT sku_id, sum(atp)::bigint FROM inventory_stocklevel
WHERE merchant_id = %(merchant)s AND sku_id = ANY(%(skus)s::bigint[])
  AND (%(everywhere)s::bool OR location_id = ANY(%(locations)s::bigint[])) AND atp > 0
GROUP BY sku_id
""")
_AT = Statement("""
SELECT l.location_id, l.sku_id, l.atp
FROM unnest(%(locations)s::bigint[], %(skus)s::bigint[]) AS w(location_id, sku_id)
JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
     AND l.sku_id = w.sku_id AND l.location_id = w.location_id
""")

_LEVELS_AT = Statement("""
SELECT l.id, l.location_id, l.sku_id, l.on_hand, l.allocated, l.reserved, l.safety_stock,
  l.shortfall, l.atp
FROM unnest(%(locations)s::bigint[], %(skus)s::bigint[]) AS w(location_id, sku_id)
JOIN inventory_stocklevel l ON l.merchant_id = %(merchant)s
     AND l.sku_id = w.sku_id AND l.location_id = w.location_id
""")


def atp_at(
    *, merchant_id: int, sku_ids: Iterable[int], location_ids: Iterable[int] | None
) -> list[Atp]:
    """Where something of these SKUs can be promised, among some places or (None) anywhere.

    Levels with nothing to promise are left out. Read without locks: only `reserve` knows for sure.
    """
    values: Values = {"merchant": merchant_id, "skus": array(sorted(set(sku_ids)))}
    if location_ids is None:
        rows = run(_ANYWHERE, values)
    else:
        rows = run(_AMONG, {**values, "locations": array(sorted(set(location_ids)))})
    return [
        Atp(location_id=location_id, sku_id=sku_id, quantity=quantity)
        for location_id, sku_id, quantity in rows
    ]


def atp_columns(
    *, merchant_id: int, sku_ids: Iterable[int], location_ids: Iterable[int] | None
) -> dict[int, AtpColumn]:
    """As `atp_at`, for whoever compares many places: a column a SKU, none where nothing is left."""
    values: Values = {"merchant": merchant_id, "skus": array(sorted(set(sku_ids)))}
    if location_ids is None:
        rows = run(_COLUMNS, values)
    else:
        rows = run(_COLUMNS_AMONG, {**values, "locations": array(sorted(set(location_ids)))})
    return {sku_id: _column(places, quantities) for sku_id, places, quantities in rows}


def _column(places: str, quantities: str) -> AtpColumn:
    location_ids = np.fromstring(places[1:-1], dtype=np.int64, sep=",")
    ordered = location_ids.argsort()
    return AtpColumn(
        location_ids=location_ids[ordered],
        quantities=np.fromstring(quantities[1:-1], dtype=np.int64, sep=",")[ordered],
    )


def atp_by_sku(
    *, merchant_id: int, sku_ids: Iterable[int], location_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """What can be promised of each SKU over all places, or over some; 0 where there is nothing."""
    wanted = sorted(set(sku_ids))
    values: Values = {
        "merchant": merchant_id,
        "skus": array(wanted),
        "everywhere": location_ids is None,
        "locations": array(sorted(set(location_ids or ()))),
    }
    return {**dict.fromkeys(wanted, 0), **dict(run(_SUMS, values))}


def atp_by_place(*, merchant_id: int, places: Sequence[Place]) -> dict[Place, int]:
    """What each of these levels can promise, also 0; levels that are not there are left out."""
    values: Values = {
        "merchant": merchant_id,
        "locations": array(location_id for location_id, _ in places),
        "skus": array(sku_id for _, sku_id in places),
    }
    return {(location_id, sku_id): atp for location_id, sku_id, atp in run(_AT, values)}


def levels_at(
    *, merchant_id: int, places: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Level]:
    """The levels at some places, each by the ids of location and SKU; what is not there is out."""
    wanted = sorted(set(places))
    values: Values = {
        "merchant": merchant_id,
        "locations": array(location_id for location_id, _ in wanted),
        "skus": array(sku_id for _, sku_id in wanted),
    }
    names = ("on_hand", "allocated", "reserved", "safety_stock", "shortfall", "atp")
    return {
        (location_id, sku_id): Level(
            id=level_id,
            location_id=location_id,
            sku_id=sku_id,
            **dict(zip(names, counted, strict=True)),
        )
        for level_id, location_id, sku_id, *counted in run(_LEVELS_AT, values)
    }


def levels_of(
    *,
    merchant_id: int,
    location_ids: Sequence[int] | None = None,
    sku_ids: Sequence[int] | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Level]:
    """Levels of some places, of some SKUs, or both; newest first, from below an id."""
    levels = StockLevel.objects.of_merchant(merchant_id)
    if location_ids is not None:
        levels = levels.filter(location_id__in=location_ids)
    if sku_ids is not None:
        levels = levels.filter(sku_id__in=sku_ids)
    if before_id is not None:
        levels = levels.filter(id__lt=before_id)
    return [level.as_contract() for level in levels.order_by("-id")[:limit]]
