from __future__ import annotations

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "santong.membership"
    label = "membership"
