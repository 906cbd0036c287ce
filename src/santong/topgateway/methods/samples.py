"""What arguments could say at a seller's: names of things that are really there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.catalog import public as catalog
from santong.membership import public as membership
from santong.orders import public as orders
from santong.stores import public as stores
from santong.topgateway.rules.numbers import tid_of

LATELY: Final = timedelta(days=90)


def samples_of(
    *, merchant_id: int, location_ids: frozenset[int] | None, now: datetime
) -> dict[str, str]:
    """By the name of an argument, the newest thing that it could name; what is not there is not."""
    return {
        **_goods(merchant_id),
        **_places(merchant_id, location_ids),
        **_trade(merchant_id, location_ids, now),
        **_programme(merchant_id),
    }


def _goods(merchant_id: int) -> dict[str, str]:
    skus = catalog.skus_page(merchant_id=merchant_id, limit=1)
    if not skus:
        return {}
    (sku,) = skus
    return {
        "sku_id": str(sku.id),
        "outer_id": sku.code,
        "num_iid": str(sku.style_id),
        "num_iids": str(sku.style_id),
        "item_id": str(sku.style_id),
    }


def _places(merchant_id: int, location_ids: frozenset[int] | None) -> dict[str, str]:
    found = stores.locations_page(
        merchant_id=merchant_id, kind="store", location_ids=location_ids, limit=1
    )
    if not found:
        return {}
    (place,) = found
    return {"store_code": place.code, "store_id": str(place.id), "warehouse_id": place.code}


def _trade(merchant_id: int, location_ids: frozenset[int] | None, now: datetime) -> dict[str, str]:
    found = orders.orders_placed(
        merchant_id=merchant_id,
        placed_from=now - LATELY,
        placed_until=now,
        location_ids=location_ids,
        limit=1,
    )
    if not found:
        return {}
    order = found[0]
    tid = str(tid_of(order))
    told = {"tid": tid, "main_order_id": tid}
    if order.lines:
        line = str(order.lines[0].id)
        told |= {"sub_oid": line, "sub_order_ids": line}
    return told


def _programme(merchant_id: int) -> dict[str, str]:
    found = membership.programmes(merchant_id=merchant_id)
    return {"programme_code": found[0].code} if found else {}
