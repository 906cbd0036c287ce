from __future__ import annotations

from django.apps import AppConfig


class TopgatewayConfig(AppConfig):
    name = "santong.topgateway"
    label = "topgateway"
