from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class StagedsalesConfig(AppConfig):
    name = "santong.stagedsales"
    label = "stagedsales"

    def ready(self) -> None:
        import_module("santong.stagedsales.subscribers")
