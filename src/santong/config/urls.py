"""Where everything answers."""

from __future__ import annotations

import importlib.util

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from santong.config.api import api
from santong.config.documents import asyncapi_document
from santong.config.health import healthz, metrics, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/asyncapi.json", asyncapi_document, name="asyncapi"),
    path("api/v1/", api.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler404 = "santong.config.not_found.not_found"

for module, prefix in (
    ("santong.merchants.urls", ""),
    ("santong.openplatform.urls", ""),
    ("santong.gateway.urls", ""),
    ("santong.payments.urls", ""),
    ("santong.qimen.urls", ""),
    ("santong.topgateway.urls", ""),
    ("santong.console.urls", ""),
    ("santong.portal.urls", "developers/"),
    ("santong.storefront.urls", "m/"),
    ("santong.invoicing.urls", "i/"),
    ("santong.agreements.urls", "a/"),
    ("santong.stagedsales.urls", "s/"),
    ("santong.fieldservice.urls", "v/"),
    ("santong.aftersales.urls", "c/"),
    ("santong.presales.urls", "b/"),
    ("santong.agents.urls", ""),
):
    if importlib.util.find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
