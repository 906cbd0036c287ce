from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "santong.membership"
    label = "membership"

    def ready(self) -> None:
        import_module("santong.membership.subscribers")
