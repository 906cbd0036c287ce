"""Reads JSON bodies, refusing what no text column can hold."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.types import DictStrAny

from santong.kernel.errors import FieldInvalid

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
