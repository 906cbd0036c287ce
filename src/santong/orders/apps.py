from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "santong.orders"
    label = "orders"

    def ready(self) -> None:
        """Hear facts."""
        import_module("santong.orders.subscribers")
