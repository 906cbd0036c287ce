from __future__ import annotations

from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "santong.aftersales"
    label = "aftersales"
