from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "santong.payments"
    label = "payments"

    def ready(self) -> None:
        """Hear facts."""
        import_module("santong.payments.subscribers")
