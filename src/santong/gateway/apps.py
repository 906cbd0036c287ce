from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "santong.gateway"
    label = "gateway"

    def ready(self) -> None:
        import_module("santong.gateway.subscribers")
