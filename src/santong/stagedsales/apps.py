from __future__ import annotations

from django.apps import AppConfig


class StagedsalesConfig(AppConfig):
    name = "santong.stagedsales"
    label = "stagedsales"
