"""Is it alive, is it ready, what has it counted."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from santong.config import env
from santong.kernel import cells


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and there is at least one cell to work in."""
    try:
        known = cells.all_cells()
    except Exception as failure:  # noqa: BLE001  whatever is wrong, the answer is "not ready"
        connection.close()
        return JsonResponse({"status": "not ready", "why": type(failure).__name__}, status=503)
    return JsonResponse({"status": "ready", "cells": len(known)})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for this machine and the hosts that the settings name."""
    if request.META.get("REMOTE_ADDR") not in settings.SANTONG_METRICS_FROM:
        return HttpResponse(status=404)
    registry: CollectorRegistry = REGISTRY
    if env.text("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # ships half its types
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
