"""Begin the work on a paid order."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.models import FulfilmentOrder, HeldOrder
from santong.fulfilment.services.offer import offer
from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

WORKABLE = frozenset({"paid", "paid_without_stock", "partly_shipped"})


@all_or_nothing
def start_order(
    *, merchant_id: int, order_id: int, now: datetime
) -> list[contracts.FulfilmentOrder]:
    """Offer every place what is firmly promised from it; what has begun already is left as it is.

    Of an order that is held back nothing is offered.

    Raises NoSuch. Emits FulfilmentOffered.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.state not in WORKABLE or _is_held(merchant_id, order_id):
        return []
    begun = set(
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .filter(order_id=order_id)
        .values_list("lines__order_line_id", flat=True)
    )
    by_location: dict[int, dict[int, tuple[int, int]]] = {}
    for held in inventory.reservations_of(
        merchant_id=merchant_id, holder=orders.holder_of(order_id=order_id)
    ):
        if held.state == "allocated" and held.line_id not in begun:
            by_location.setdefault(held.location_id, {})[held.line_id] = (
                held.sku_id,
                held.live_quantity,
            )
    return [
        offer(
            merchant_id=merchant_id,
            order_id=order_id,
            location_id=location_id,
            mode=order.mode,
            attempt=1,
            line_quantities=line_quantities,
            now=now,
        )
        for location_id, line_quantities in sorted(by_location.items())
    ]


def _is_held(merchant_id: int, order_id: int) -> bool:
    return HeldOrder.objects.of_merchant(merchant_id).filter(order_id=order_id).exists()
