from __future__ import annotations

from django.apps import AppConfig


class OpenplatformConfig(AppConfig):
    name = "santong.openplatform"
    label = "openplatform"
