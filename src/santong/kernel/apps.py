from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "santong.kernel"
    label = "kernel"

    def ready(self) -> None:
        import_module("santong.kernel.housekeeping")
