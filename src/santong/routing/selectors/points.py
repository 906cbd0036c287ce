"""Where goods go."""

from __future__ import annotations

from santong.orders import public as orders
from santong.stores import public as stores

Point = tuple[float, float]
NOWHERE: Point = (0.0, 0.0)


def point_of(order: orders.Order | orders.Wanted) -> Point | None:
    """The buyer's point, else what the gazetteer knows of the address in its own country."""
    if order.latitude is not None and order.longitude is not None:
        return order.latitude, order.longitude
    found = stores.place_of(
        country=order.country, province=order.province, city=order.city, district=order.district
    )
    return (found.latitude, found.longitude) if found else None
