"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santong.config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  the settings stand from here
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from santong.config.warm import warm  # noqa: E402
from santong.kernel.http.middleware import SIGNED  # noqa: E402
from santong.kernel.settled import settle  # noqa: E402


def _handler(middleware: Sequence[str]) -> WSGIHandler:
    """Django's handler with this middleware; it reads the setting when it is made."""
    everybodys = settings.MIDDLEWARE
    settings.MIDDLEWARE = list(middleware)
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = everybodys


people = _handler(settings.MIDDLEWARE)
programs = _handler(settings.PROGRAMS_MIDDLEWARE)


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Programs bring a token or sign what they send, and skip what only browsers need."""
    path = environ["PATH_INFO"]
    is_program = environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
    is_programs = path.startswith(SIGNED) or (is_program and path.startswith("/api/"))
    handler = programs if is_programs else people
    return handler(environ, start_response)


get_resolver().url_patterns  # noqa: B018  read now, not by the first request
warm()
settle()
