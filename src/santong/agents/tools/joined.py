"""Every context whose tools agents have: one line each."""

from __future__ import annotations

from santong.agents.tools import (
    agreements,
    fulfilment,
    inventory,
    membership,
    orders,
    routing,
    stores,
)
from santong.agents.tools.registry import register

register(orders.TOOLS)
register(routing.TOOLS)
register(fulfilment.TOOLS)
register(inventory.TOOLS)
register(stores.TOOLS)
register(membership.TOOLS)
register(agreements.TOOLS)
