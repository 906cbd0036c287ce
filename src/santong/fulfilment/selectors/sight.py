"""Who may see an order, and how much of it: the rule of the pages and of the API."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from santong.fulfilment.contracts import FulfilmentOrder, Sight
from santong.fulfilment.selectors.work import bound_work_of, orders_bound_to
from santong.kernel.errors import NoSuch
from santong.orders import public as orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An order as somebody may see it: the whole of it, or only their own work."""

    order: orders.Order
    is_whole: bool
    work: tuple[FulfilmentOrder, ...] = ()


def order_seen(*, merchant_id: int, order_id: int, sight: Sight) -> Seen:
    """An order that somebody may see, because it is sold or worked on at their places.

    Whoever only works on it gets their own work with it, and is to see nothing else. What a place
    has declined, or was taken from it, is no longer its own. Raises NoSuch.
    """
    sold = orders.orders_by_id(
        merchant_id=merchant_id, order_ids=[order_id], location_ids=sight.sold_at
    )
    if order_id in sold:
        return Seen(order=sold[order_id], is_whole=True)
    work = bound_work_of(merchant_id=merchant_id, order_id=order_id, location_ids=sight.worked_at)
    if not work:
        raise NoSuch(kind="order", key=str(order_id))
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    return Seen(order=order, is_whole=False, work=tuple(work))


def orders_seen(*, merchant_id: int, order_ids: Collection[int], sight: Sight) -> set[int]:
    """Those of some orders that somebody may see."""
    sold = orders.orders_by_id(
        merchant_id=merchant_id, order_ids=order_ids, location_ids=sight.sold_at
    )
    return set(sold) | orders_bound_to(
        merchant_id=merchant_id, order_ids=order_ids, location_ids=sight.worked_at
    )
