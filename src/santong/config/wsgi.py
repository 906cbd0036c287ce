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
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from santong.config.warm import warm  # noqa: E402
from santong.kernel.http.middleware import SIGNED  # noqa: E402
from santong.kernel.settled import settle  # noqa: E402


class SignedRequest(WSGIRequest):
    """A call that is signed: whoever takes it reads the body, its type and its few addresses."""

    urlconf = "santong.config.signed"

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:  # noqa: ARG002  as Django calls it
        """Django would read the query here, only to read it again in another character set."""
        self.content_type, self.content_params = "", {}


class SignedHandler(WSGIHandler):
    """Django's handler for calls that are signed."""

    request_class = SignedRequest


def _handler(middleware: Sequence[str], kind: type[WSGIHandler] = WSGIHandler) -> WSGIHandler:
    """Django's handler with this middleware; it reads the setting when it is made."""
    everybodys = settings.MIDDLEWARE
    settings.MIDDLEWARE = list(middleware)
    try:
        return kind()
    finally:
        settings.MIDDLEWARE = everybodys


people = _handler(settings.MIDDLEWARE)
programs = _handler(settings.PROGRAMS_MIDDLEWARE)
signed = _handler(settings.SIGNED_MIDDLEWARE, SignedHandler)


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Programs bring a token or sign what they send, and skip what only browsers need."""
    path = environ["PATH_INFO"]
    if path.startswith(SIGNED):
        return signed(environ, start_response)
    is_program = environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
    handler = programs if is_program and path.startswith("/api/") else people
    return handler(environ, start_response)


get_resolver().url_patterns  # noqa: B018  read now, not by the first request
warm()
settle()
