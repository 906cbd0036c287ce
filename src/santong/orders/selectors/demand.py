"""What buyers have wanted, where: the past from which routing forecasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from santong.orders.contracts import Wanted

_ROWS = """
SELECT o.latitude, o.longitude, o.country, o.province, o.city, o.district, o.pickup_location_id,
  array_agg(l.sku_id ORDER BY l.sku_id), array_agg(l.quantity ORDER BY l.sku_id)
FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.merchant_id = %(merchant)s
WHERE o.merchant_id = %(merchant)s AND o.state <> 'cancelled' AND o.placed_at >= %(since)s
GROUP BY o.id
ORDER BY o.id
"""
_AT_ONCE = 2_000


def wanted_since(*, merchant_id: int, since: datetime) -> Iterator[Wanted]:
    """Every order that was placed since an instant and not cancelled: where to, how many of what.

    Read a page at a time, oldest first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"merchant": merchant_id, "since": since})
        while rows := cursor.fetchmany(_AT_ONCE):
            for *where, sku_ids, quantities in rows:
                latitude, longitude, country, province, city, district, pickup_location_id = where
                yield Wanted(
                    latitude=latitude,
                    longitude=longitude,
                    country=country,
                    province=province,
                    city=city,
                    district=district,
                    pickup_location_id=pickup_location_id,
                    quantity_by_sku=tuple(zip(sku_ids, quantities, strict=True)),
                )
