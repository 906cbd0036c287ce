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

register(tools=orders.TOOLS)
register(tools=routing.TOOLS)
register(tools=fulfilment.TOOLS)
register(tools=inventory.TOOLS)
register(tools=stores.TOOLS)
register(tools=membership.TOOLS)
register(tools=agreements.TOOLS)
