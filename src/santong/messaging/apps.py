from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "santong.messaging"
    label = "messaging"

    def ready(self) -> None:
        import_module("santong.messaging.subscribers")
