from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "santong.agreements"
    label = "agreements"

    def ready(self) -> None:
        import_module("santong.agreements.subscribers")
