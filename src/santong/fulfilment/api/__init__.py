"""The work on orders over HTTP: what stores' phones and carriers call."""

from __future__ import annotations

from santong.fulfilment.api import exceptions, orders, parcels, work
from santong.fulfilment.api.routes import router

__all__ = ["exceptions", "orders", "parcels", "router", "work"]
