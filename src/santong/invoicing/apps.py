from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "santong.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        import_module("santong.invoicing.subscribers")
