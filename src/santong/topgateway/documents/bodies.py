"""What a raw body says, once its signature has been checked."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree as ET

from santong.topgateway import errors
from santong.topgateway.errors import Refused
from santong.topgateway.rules.received import SYSTEM, Received

MOST_LEAVES: Final = 200


def arguments_of(received: Received) -> dict[str, object]:
    """The arguments of a call: of query and form, and of a raw body beside them. Raises Refused.

    What stands in both is refused, for one of them would not be looked at.
    """
    found = received.arguments()
    text = _text(received.body).strip() if received.body else ""
    if not text:
        return found
    said = _of_xml(text) if text.startswith("<") else _of_json(text)
    if twice := found.keys() & said.keys():
        name = min(twice)[:80]
        raise Refused(errors.PARAMETER_ERROR, "isv.parameter-twice", f"{name}: sent twice")
    return {**found, **{name: value for name, value in said.items() if value not in ("", None)}}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refused(errors.INVALID_ENCODING, "isv.invalid-encoding", "body: UTF-8") from None


def _of_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _unreadable("JSON") from None
    if not isinstance(found, dict):
        raise _unreadable("a JSON object")
    return {name: value for name, value in found.items() if name not in SYSTEM}


def _of_xml(text: str) -> dict[str, Any]:
    """The leaves below the root. A document type could hide anything in entities."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _unreadable("XML without a document type")
    try:
        root = ET.fromstring(text.encode())  # noqa: S314  no document type, no entities
    except (ET.ParseError, ValueError, RecursionError):
        raise _unreadable("XML") from None
    found = {leaf.tag: leaf.text or "" for leaf in root if not len(leaf)}
    if len(found) > MOST_LEAVES:
        raise _unreadable(f"{MOST_LEAVES} elements at most")
    return {name: value for name, value in found.items() if name not in SYSTEM}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unreadable(wanted: str) -> Refused:
    return Refused(errors.INVALID_ARGUMENTS, "isv.invalid-body", f"body: {wanted}")
