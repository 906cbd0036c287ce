"""Log-ins in the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions import middleware
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(middleware.SessionMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._async_check = lambda: None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.session = {}  # type: ignore[assignment]
        return self.get_response(request)
