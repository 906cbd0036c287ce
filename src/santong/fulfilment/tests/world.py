"""An order on its way through a small merchant's places."""

from __future__ import annotations

from santong.fulfilment import public as fulfilment
from santong.kernel import cells, relay
from santong.orders import public as orders
from santong.routing.tests.factories import NOW, World, make_world, new_order, promise

__all__ = ["NOW", "World", "begun", "make_world", "new_order", "promise", "tell_all"]


def begun(world: World, order: orders.Order) -> list[fulfilment.FulfilmentOrder]:
    """The work on an order, begun as the relay would."""
    return fulfilment.start_order(merchant_id=world.merchant_id, order_id=order.id, now=NOW)


def tell_all() -> None:
    """Let every fact of the main cell reach its subscribers."""
    for cell in cells.all_cells():
        relay.drain(cell=cell, wait_seconds=120)
