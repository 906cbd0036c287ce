"""Where marketplaces call: always HTTP 200, always JSON, for their clients read nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from santong.gateway.spi.members import answer


@csrf_exempt
@require_POST
def members(request: HttpRequest, merchant_code: str, connection_code: str) -> HttpResponse:
    """A call about a shopper, signed by a marketplace."""
    document = answer(
        request,
        merchant_code=merchant_code,
        connection_code=connection_code,
        now=datetime.now(UTC),
    )
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(written, content_type="application/json;charset=utf-8")
    response["Content-Length"] = str(len(response.content))
    return response


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for whoever signs calls reads no pages."""
    return HttpResponse(status=HTTPStatus.NOT_FOUND, content_type="text/plain")
