from __future__ import annotations

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "santong.reconciliation"
    label = "reconciliation"
