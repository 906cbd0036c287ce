from __future__ import annotations

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "santong.clocks"
    label = "clocks"
