"""An order from outside, with its promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.gateway.contracts import IfShort
from santong.gateway.errors import PlaceNotYours
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """An order and what was promised for it."""

    order: orders.Order
    promise: routing.Promise


@all_or_nothing
def take_in_order(
    *,
    merchant_id: int,
    order: orders.NewOrder,
    if_short: IfShort | None,
    only_location_id: int | None = None,
    now: datetime,
) -> TakenIn:
    """Place an order and promise its lines; the same order again gives the first answer.

    Where stock is short, "refuse" takes nothing in and "accept" leaves lines unfilled. Left open,
    an order that somebody has paid for is accepted, for it is sold, and any other refused. With
    `only_location_id` its goods come from there or from nowhere.

    Raises PlaceNotYours, and what `routing.promise_order` raises. Locks stock levels.
    """
    _check_place(merchant_id, order)
    placed, promise = routing.promise_order(
        merchant_id=merchant_id,
        order=order,
        now=now,
        if_short=if_short or ("accept" if order.payment else "refuse"),
        only_location_id=only_location_id,
    )
    return TakenIn(order=placed, promise=promise)


def _check_place(merchant_id: int, order: orders.NewOrder) -> None:
    """Somebody who works at some places hands in only what these have sold."""
    mine = tenancy.current().actor.location_ids
    if mine is None:
        return
    known = stores.location_map(merchant_id=merchant_id).id_by_code
    if known.get(order.seller_location_code or "") not in mine:
        raise PlaceNotYours
