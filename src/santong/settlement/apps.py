from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "santong.settlement"
    label = "settlement"

    def ready(self) -> None:
        import_module("santong.settlement.subscribers")
