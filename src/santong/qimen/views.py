"""Where other systems call: always HTTP 200, always XML, for their clients read nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from santong.qimen.rules.xml import LARGEST_BODY
from santong.qimen.spi.receive import receive

_TOO_LARGE: Final = (
    b"<response><flag>failure</flag><code>isv.invalid-parameter</code>"
    b"<message>too large</message></response>"
)


@csrf_exempt
@require_POST
def service(request: HttpRequest) -> HttpResponse:
    """A document of an ERP, a WMS, a till, signed with its application's secret."""
    written = request.META.get("CONTENT_LENGTH") or "0"
    if not written.isdigit() or int(written) > LARGEST_BODY:
        return _xml(_TOO_LARGE)
    answer = receive(
        query=request.META.get("QUERY_STRING", ""),
        body=request.read(LARGEST_BODY + 1),
        address=request.META.get("REMOTE_ADDR", ""),
        request_id=getattr(request, "request_id", ""),
        now=datetime.now(UTC),
    )
    return _xml(answer)


def _xml(body: bytes) -> HttpResponse:
    response = HttpResponse(body, content_type="text/xml;charset=utf-8")
    response["Content-Length"] = str(len(body))
    return response
