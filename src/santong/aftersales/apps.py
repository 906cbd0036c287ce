from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "santong.aftersales"
    label = "aftersales"

    def ready(self) -> None:
        import_module("santong.aftersales.subscribers")
