from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "santong.invoicing"
    label = "invoicing"
