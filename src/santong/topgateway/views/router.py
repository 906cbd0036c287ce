"""The router's addresses: always HTTP 200, for clients read nothing of any other status."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from santong.topgateway.views.answering import Door, answer

# Below that, what is saved on the wire is less than what it costs here.
WORTH_PACKING: Final = 2_000
PACKED_AT_LEVEL: Final = 5


@csrf_exempt
def rest(request: HttpRequest) -> HttpResponse:
    """A method of ours, called as those of the Taobao Open Platform are."""
    return respond(request, door="rest", now=datetime.now(UTC))


@csrf_exempt
def custom(request: HttpRequest) -> HttpResponse:
    """The same methods as custom scenarios call them: no root, errors beside results."""
    return respond(request, door="custom", now=datetime.now(UTC))


@csrf_exempt
def custom_test(request: HttpRequest) -> HttpResponse:
    """As `custom`, for applications on trial alone."""
    return respond(request, door="custom_test", now=datetime.now(UTC))


def respond(request: HttpRequest, *, door: Door, now: datetime) -> HttpResponse:
    """Answer a call at an instant; everything below takes the time from here."""
    answered = answer(request, door=door, now=now)
    body = answered.text.encode(errors="replace")
    headers = {"Vary": "Accept-Encoding"}
    if len(body) >= WORTH_PACKING and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        body = gzip.compress(body, PACKED_AT_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, content_type=answered.content_type, headers=headers)
