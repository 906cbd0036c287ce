"""A file as an answer, for whoever's own check has let it be seen."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header

from santong.evidence.selectors.evidence import by_id, content_of

# Whatever the file is, it runs nothing and loads nothing.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
_RANGE: Final = re.compile(r"bytes=([0-9]{1,10})-([0-9]{0,10})")


def file_answer(*, request: HttpRequest, merchant_id: int, evidence_id: int) -> HttpResponse:
    """The bytes that were handed in: shown where they are a picture or film, saved otherwise.

    Players ask for parts, and get them. Raises NoSuch, EvidenceErased, EvidenceDamaged,
    FilesUnavailable.
    """
    evidence = by_id(merchant_id=merchant_id, evidence_id=evidence_id)
    content = content_of(merchant_id=merchant_id, evidence_id=evidence_id)
    is_shown = evidence.is_picture or evidence.is_film
    response = _part(content, request.headers.get("Range", "")) or HttpResponse(content)
    response["Content-Type"] = evidence.media_type
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    name = evidence.name or f"evidence-{evidence.id}"
    disposition = content_disposition_header(as_attachment=not is_shown, filename=name)
    if disposition:
        response["Content-Disposition"] = disposition
    add_never_cache_headers(response)
    return response


def _part(content: bytes, wanted: str) -> HttpResponse | None:
    found = _RANGE.fullmatch(wanted.strip())
    if not found:
        return None
    first, whole = int(found.group(1)), len(content)
    last = min(int(found.group(2) or whole - 1), whole - 1)
    if first > last:
        response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response["Content-Range"] = f"bytes */{whole}"
        return response
    response = HttpResponse(content[first : last + 1], status=HTTPStatus.PARTIAL_CONTENT)
    response["Content-Range"] = f"bytes {first}-{last}/{whole}"
    return response
