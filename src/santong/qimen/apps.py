from __future__ import annotations

from django.apps import AppConfig


class QimenConfig(AppConfig):
    name = "santong.qimen"
    label = "qimen"
