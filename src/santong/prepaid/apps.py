from __future__ import annotations

from django.apps import AppConfig


class PrepaidConfig(AppConfig):
    name = "santong.prepaid"
    label = "prepaid"
