from __future__ import annotations

from django.apps import AppConfig


class PresalesConfig(AppConfig):
    name = "santong.presales"
    label = "presales"
