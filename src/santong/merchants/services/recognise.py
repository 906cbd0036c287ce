from __future__ import annotations

from django.http import HttpRequest

from santong.kernel.tenancy import Actor


class Credentials:
    """Recognises a request by its bearer token or its session cookie."""

    def merchant_of(self, request: HttpRequest) -> int | None:
        return None

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        return None
