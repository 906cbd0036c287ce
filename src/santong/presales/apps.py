from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PresalesConfig(AppConfig):
    name = "santong.presales"
    label = "presales"

    def ready(self) -> None:
        import_module("santong.presales.subscribers")
