"""What routing does when it hears facts: it counts what each place was asked today."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel.facts import subscribe
from santong.routing.events import OrderRouted

_COUNT = """
INSERT INTO routing_placeload (merchant_id, location_id, day, parcels)
SELECT %s, place, %s, count(*) FROM unnest(%s::bigint[]) AS place GROUP BY place ORDER BY place
ON CONFLICT (merchant_id, location_id, day)
DO UPDATE SET parcels = routing_placeload.parcels + excluded.parcels
"""


@subscribe(OrderRouted)
def count_parcels(fact: OrderRouted, *, merchant_id: int, now: datetime) -> None:
    """Places get fuller as orders are routed to them."""
    if not fact.location_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [merchant_id, fact.day, list(fact.location_ids)])
