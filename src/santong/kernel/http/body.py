"""Reads bodies: JSON without what no text column can hold, and what forms with files say."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.types import DictStrAny

from santong.kernel.errors import FieldInvalid

# The largest file that is taken anywhere, and room for what is said of it.
MOST_UPLOADED = 80 * 1024 * 1024

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """JSON without NUL, lone surrogates, NaN or numbers that are not JSON's."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body = request.body
        try:
            parsed: Any = json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise HttpError(400, "not JSON") from None
        if b"\\u" in body or b"\x00" in body:
            _refuse_unstorable(parsed, "")
        return parsed  # type: ignore[no-any-return]

    def parse_querydict(
        self, data: Any, list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        for name, values in data.lists():
            for value in values:
                _refuse_unstorable(value, f"/query/{name}")
        return super().parse_querydict(data, list_fields, request)


def what_it_says(request: HttpRequest) -> list[bytes]:
    """What two bodies must have in common to be the same command.

    Forms with files are told apart by what stands in them: the line that divides their parts is
    another one every time a client sends the same form. Raises FieldInvalid.
    """
    if request.content_type != "multipart/form-data":
        return [request.body]
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_UPLOADED:
        raise FieldInvalid(pointer="", reason=f"at most {MOST_UPLOADED} bytes")
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, SuspiciousOperation):
        raise FieldInvalid(pointer="", reason="not a form with files") from None
    said = [
        part.encode("utf-8", "replace")
        for name, texts in sorted(fields.lists())
        for part in (name, *texts)
    ]
    for name, sent in sorted(files.lists()):
        said += [name.encode("utf-8", "replace"), *(digest_of(each) for each in sent)]
    return said


def digest_of(sent: UploadedFile[bytes]) -> bytes:
    """What tells files apart that come by a form; it can be read again afterwards."""
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    sent.seek(0)
    return digest.digest()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_unstorable(value: object, pointer: str) -> None:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise FieldInvalid(pointer=pointer, reason="NUL or half a character")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_unstorable(key, pointer)
            _refuse_unstorable(inner, f"{pointer}/{_escaped(key)}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _refuse_unstorable(inner, f"{pointer}/{place}")


def _escaped(key: str) -> str:
    """A member's name as a JSON pointer writes it."""
    return key.replace("~", "~0").replace("/", "~1")
