"""Documents that are served as they are generated."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse

from santong.config.reference import asyncapi_text


@cache
def _asyncapi() -> bytes:
    return asyncapi_text().encode()


def asyncapi_document(_: HttpRequest) -> HttpResponse:
    """What a receiver of webhooks may hear, for programs."""
    return HttpResponse(_asyncapi(), content_type="application/json")
