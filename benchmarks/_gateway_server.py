"""The product's server, and beside it a handler that does nothing: a constant 200.

Only this benchmark mounts it. `/bare` goes through the same lean handler as signed calls, without
middleware; `/wsgi` does not even meet Django.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

# Django is set up by the product's own module.
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from santong.config.wsgi import SignedHandler, SignedRequest
from santong.config.wsgi import _handler as made_of
from santong.config.wsgi import application as product

BODY: Final = b'{"ok":true}'
HEADERS: Final = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """A constant."""
    del request
    return HttpResponse(BODY, content_type="application/json", headers={"Content-Length": "11"})


urlpatterns = [path("bare", bare)]


class BareRequest(SignedRequest):
    """A request to the constant."""

    urlconf = "_gateway_server"


class BareHandler(SignedHandler):
    """The lean handler, with that address alone."""

    request_class = BareRequest


_bare = made_of([], BareHandler)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The constant at two addresses, the product at all others."""
    where = environ["PATH_INFO"]
    if where == "/bare":
        return _bare(environ, start_response)
    if where == "/wsgi":
        start_response("200 OK", HEADERS)
        return [BODY]
    return product(environ, start_response)
