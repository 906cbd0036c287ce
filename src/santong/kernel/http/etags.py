"""Changes that overwrite nobody's: a version goes out as ETag and comes back as If-Match."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from santong.kernel.errors import VersionMissing, VersionMoved

_TAG = re.compile(r'^(?:W/)?"([0-9]{1,9})"$')


def set_etag(response: HttpResponse, *, version: int) -> None:
    """Say which version an answer shows."""
    response["ETag"] = f'"{version}"'


def expected_version(request: HttpRequest) -> int:
    """The version that a change was made from. Raises VersionMissing."""
    found = _TAG.match(request.headers.get("If-Match", "").strip())
    if not found:
        raise VersionMissing
    return int(found.group(1))


def refuse_moved(*, expected: int, version: int) -> None:
    """Go on only with what the caller has seen; the row is locked. Raises VersionMoved."""
    if expected != version:
        raise VersionMoved(version=version)
