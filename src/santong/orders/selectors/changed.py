"""Orders by when something about them changed last, for whoever keeps a copy in step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from santong.kernel import audit
from santong.orders import contracts
from santong.orders.models import Order
from santong.orders.selectors.orders import orders_by_id

MOST_CHANGED: Final = 20_000
# Whoever reads changes nothing.
NO_CHANGE: Final = ("orders.reveal_recipient",)


def orders_changed(
    *,
    merchant_id: int,
    changed_from: datetime,
    changed_until: datetime,
    states: Collection[contracts.State] = (),
    location_ids: frozenset[int] | None = None,
    offset: int = 0,
    limit: int = 50,
) -> contracts.ChangedOrders:
    """Orders whose trail has an entry in a stretch of time, the last changed first.

    `changed_at` is the last change within the stretch. Of more than 20,000 orders the last changed
    are told, and `is_cut` says so.
    """
    changed_at = audit.changed_between(
        merchant_id=merchant_id,
        subject="order",
        since=changed_from,
        until=changed_until,
        apart_from=NO_CHANGE,
        limit=MOST_CHANGED + 1,
    )
    rows = Order.objects.of_merchant(merchant_id).visible_at(location_ids)
    rows = rows.filter(id__in=list(changed_at))
    if states:
        rows = rows.filter(state__in=list(states))
    seen = set(rows.values_list("id", flat=True))
    ids = [order_id for order_id in changed_at if order_id in seen]
    page = ids[offset : offset + limit]
    found = orders_by_id(merchant_id=merchant_id, order_ids=page)
    return contracts.ChangedOrders(
        orders=tuple(found[order_id] for order_id in page),
        changed_at={order_id: changed_at[order_id] for order_id in page},
        total=len(ids),
        is_cut=len(changed_at) > MOST_CHANGED,
    )
