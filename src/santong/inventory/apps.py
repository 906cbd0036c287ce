from __future__ import annotations

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "santong.inventory"
    label = "inventory"
