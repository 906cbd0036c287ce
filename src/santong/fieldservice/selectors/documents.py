"""What a visit is for, as whoever sold it knows it."""

from __future__ import annotations

from dataclasses import dataclass

from santong.orders import public as orders
from santong.stagedsales import public as stagedsales


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """The place that sold it, and whether all of the goods are at the buyer's."""

    location_id: int | None = None
    has_come: bool = False


def sold_of(*, merchant_id: int, document: str) -> Sold:
    """Who sold what a visit is for; nothing is known of what is neither order nor staged sale."""
    order_id = orders.order_of_document(document=document)
    if order_id is not None:
        order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
        return Sold(location_id=order.seller_location_id, has_come=order.state == "delivered")
    sale = stagedsales.sale_of_document(merchant_id=merchant_id, document=document)
    if sale is not None:
        return Sold(location_id=sale.location_id, has_come=sale.delivered_at is not None)
    return Sold()
