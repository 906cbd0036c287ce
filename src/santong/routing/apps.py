from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "santong.routing"
    label = "routing"

    def ready(self) -> None:
        import_module("santong.routing.subscribers")
