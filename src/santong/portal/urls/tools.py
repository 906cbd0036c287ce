"""Where documents, the explorer, conformance runs, the monitor and logs answer."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
