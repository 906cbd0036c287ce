"""What a method's arguments name, found in the seller's own."""

from __future__ import annotations

from typing import Final

from santong.kernel.errors import NoSuch
from santong.orders import public as orders
from santong.stores import public as stores
from santong.topgateway import errors
from santong.topgateway.contracts import Call
from santong.topgateway.errors import Refused
from santong.topgateway.rules.numbers import own_id

LONGEST_PAGE: Final = 100


def order_of(call: Call, *, tid: int, place: str = "tid") -> orders.Order:
    """The order of a trade's number. Raises NoSuch, Refused where two storefronts gave it."""
    order_id = own_id(tid)
    if order_id is not None:
        return orders.order_by_id(
            merchant_id=call.merchant_id, order_id=order_id, location_ids=call.location_ids
        )
    found = orders.orders_numbered(
        merchant_id=call.merchant_id, external_number=str(tid), location_ids=call.location_ids
    )
    if not found:
        raise NoSuch(kind="trade", key=str(tid))
    if len(found) > 1:
        why = f"{place}: {len(found)} storefronts have an order of this number"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.trade-ambiguous", why)
    return found[0]


def location_id_of(call: Call, *, store_id: str, place: str = "store_id") -> int:
    """A place by its code, or by its own number. Raises Refused."""
    known = stores.location_map(merchant_id=call.merchant_id)
    found = known.id_by_code.get(store_id)
    if found is None and store_id.isascii() and store_id.isdigit():
        ids = known.positions_of(location_ids=[int(store_id[:18])])
        found = int(store_id[:18]) if ids[0] >= 0 else None
    if found is None or not call.actor.may_at(found):
        why = f"{place}: no place {store_id[:60]}"
        raise Refused(errors.INVALID_ARGUMENTS, "isv.store-not-exist", why)
    return found


def location_by_id(call: Call, *, store_id: int) -> stores.Location:
    """A place by its own number. Raises NoSuch."""
    found = stores.locations_by_id(merchant_id=call.merchant_id, location_ids=[store_id])
    if store_id not in found or not call.actor.may_at(store_id):
        raise NoSuch(kind="store", key=str(store_id))
    return found[store_id]
