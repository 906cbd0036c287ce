from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class QimenConfig(AppConfig):
    name = "santong.qimen"
    label = "qimen"

    def ready(self) -> None:
        import_module("santong.qimen.subscribers")
