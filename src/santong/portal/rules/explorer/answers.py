"""What an answer of the router says of itself: its refusal, if it is one, and its request id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from xml.etree import ElementTree as ET

REFUSED = "error_response"
REQUEST_ID = "request_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A refusal in its parts; `code` is 0 where it went well."""

    code: int = 0
    sub_code: str = ""
    sub_message: str = ""
    request_id: str = ""

    @property
    def argument(self) -> str:
        """The argument that the refusal is about: what stands before the colon."""
        name, colon, _ = self.sub_message.partition(":")
        return name if colon and " " not in name else ""


def told_by(text: str) -> Told:
    """What an answer in any style says; nothing of one that cannot be read."""
    said = _of_xml(text) if text.lstrip().startswith("<") else _of_json(text)
    if said is None:
        return Told()
    root, members = said
    request_id = str(members.get(REQUEST_ID, ""))
    if root != REFUSED:
        return Told(request_id=request_id)
    code = str(members.get("code", ""))
    return Told(
        code=int(code) if code.isdigit() else 0,
        sub_code=str(members.get("sub_code", "")),
        sub_message=str(members.get("sub_msg", "")),
        request_id=request_id,
    )


def _of_json(text: str) -> tuple[str, Mapping[str, Any]] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    document = cast("dict[str, Any]", found)
    if len(document) == 1:
        ((root, inner),) = document.items()
        if isinstance(inner, dict):
            return root, cast("dict[str, Any]", inner)
    return "", document


def _of_xml(text: str) -> tuple[str, Mapping[str, Any]] | None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        root = ET.fromstring(text.encode())  # noqa: S314  no document type, no entities
    except (ET.ParseError, ValueError, RecursionError):
        return None
    return root.tag, {child.tag: child.text or "" for child in root if not len(child)}
