from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FieldserviceConfig(AppConfig):
    name = "santong.fieldservice"
    label = "fieldservice"

    def ready(self) -> None:
        import_module("santong.fieldservice.subscribers")
