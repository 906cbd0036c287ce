from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PrepaidConfig(AppConfig):
    name = "santong.prepaid"
    label = "prepaid"

    def ready(self) -> None:
        import_module("santong.prepaid.subscribers")
