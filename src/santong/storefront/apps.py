from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "santong.storefront"
    label = "storefront"

    def ready(self) -> None:
        import_module("santong.storefront.subscribers")
