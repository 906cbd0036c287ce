from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "santong.fulfilment"
    label = "fulfilment"

    def ready(self) -> None:
        import_module("santong.fulfilment.subscribers")
