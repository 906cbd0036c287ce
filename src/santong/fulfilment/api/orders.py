"""One order, for whoever sells it or works on it."""

from __future__ import annotations

from collections import Counter

from santong.fulfilment.api.routes import router
from santong.fulfilment.contracts import Sight
from santong.fulfilment.selectors.sight import order_seen
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.orders import public as orders


@router.get(
    "/orders/{order_id}",
    response=orders.OrderDocument | orders.SentOrderDocument,
    auth=requires("orders.view"),
    tags=["orders"],
)
def get_order(
    request: MerchantRequest, order_id: str
) -> orders.OrderDocument | orders.SentOrderDocument:
    """One order; its recipient is masked.

    Who only sends a part of it, with `fulfilment.view` there, gets that part and no money.
    """
    actor = request.actor
    works = actor.may("fulfilment.view")
    seen = order_seen(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        sight=Sight(
            sold_at=actor.location_ids,
            worked_at=actor.at("fulfilment.view").location_ids if works else frozenset(),
        ),
    )
    if seen.is_whole:
        return orders.order_document(order=seen.order)
    sent: Counter[int] = Counter()
    for each in seen.work:
        for line in each.lines:
            sent[line.order_line_id] += line.quantity
    return orders.sent_order_document(order=seen.order, quantity_by_line=sent)
