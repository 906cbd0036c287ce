"""How answers and refusals are written: XML, JSON under its root, flat JSON, and bare."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from santong.kernel.signing import timestamp_of
from santong.topgateway.contracts import Style
from santong.topgateway.errors import Refused
from santong.topgateway.rules.outline import REQUEST_ID, Outline, Part

PREFIX: Final = "taobao."
ERROR_ROOT: Final = "error_response"
JSON_TYPE: Final = "application/json;charset=UTF-8"
XML_TYPE: Final = "text/xml;charset=utf-8"
DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>'

# What XML 1.0 cannot carry, however it is written.
_UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root_of(method: str) -> str:
    """The name of a method's answer."""
    return method.removeprefix(PREFIX).replace(".", "_") + "_response"


def content_type_of(style: Style) -> str:
    """What clients read in the header."""
    return XML_TYPE if style == "xml" else JSON_TYPE


def written(answer: object, *, outline: Outline, method: str, style: Style, request_id: str) -> str:
    """An answer in the caller's style."""
    if style == "xml":
        inside = _xml_of(answer, outline) + _element(REQUEST_ID, request_id)
        root = root_of(method)
        return f"{DECLARATION}<{root}>{inside}</{root}>"
    says = tree(answer, outline=outline, is_flat=style != "json")
    says[REQUEST_ID] = request_id
    return _json({root_of(method): says} if style == "json" else says)


def refusal(refused: Refused, *, style: Style, request_id: str) -> str:
    """A refusal in the caller's style. Its root stays where answers have none."""
    says: dict[str, str | int] = {"code": refused.code, "msg": refused.message}
    if refused.sub_code:
        says |= {"sub_code": refused.sub_code, "sub_msg": refused.sub_msg}
    says[REQUEST_ID] = request_id
    if style == "xml":
        inside = "".join(_element(name, str(value)) for name, value in says.items())
        return f"{DECLARATION}<{ERROR_ROOT}>{inside}</{ERROR_ROOT}>"
    return _json(_bare(says) if style == "plain" else {ERROR_ROOT: says})


def tree(answer: object, *, outline: Outline, is_flat: bool) -> dict[str, Any]:
    """An answer as JSON has it; a list that is not flat lies under the name of its items."""
    found: dict[str, Any] = {}
    for part in outline.parts:
        value = getattr(answer, part.name)
        if value is None:
            continue
        if not part.item:
            found[part.name] = _value(value, part, is_flat=is_flat)
            continue
        items = [_value(each, part, is_flat=is_flat) for each in value]
        found[part.name] = items if is_flat else {part.item: items}
    return found


def _value(value: Any, part: Part, *, is_flat: bool) -> Any:
    if part.inner is not None:
        return tree(value, outline=part.inner, is_flat=is_flat)
    return timestamp_of(now=value) if part.kind == "moment" else value


def _xml_of(answer: object, outline: Outline) -> str:
    pieces: list[str] = []
    for part in outline.parts:
        value = getattr(answer, part.name)
        if value is None:
            continue
        if not part.item:
            pieces.append(_xml_value(part.name, value, part))
            continue
        items = "".join(_xml_value(part.item, each, part) for each in value)
        pieces.append(f'<{part.name} list="true">{items}</{part.name}>')
    return "".join(pieces)


def _xml_value(name: str, value: Any, part: Part) -> str:
    if part.inner is not None:
        return f"<{name}>{_xml_of(value, part.inner)}</{name}>"
    return _element(name, _TEXT_BY_KIND[part.kind](value))


def _element(name: str, text: str) -> str:
    speakable = _UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"<{name}>{escape(speakable)}</{name}>"


_TEXT_BY_KIND: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": str,
    "number": str,
    "flag": lambda value: "true" if value else "false",
    "moment": lambda value: timestamp_of(now=value),
}


def _bare(says: Mapping[str, str | int]) -> dict[str, str | int]:
    """As custom scenarios read it: beside `code` the words they know."""
    found: dict[str, str | int] = {
        "flag": "failure",
        "code": str(says["code"]),
        "message": says["msg"],
        "sub_code": says.get("sub_code", ""),
        "sub_message": says.get("sub_msg", ""),
        REQUEST_ID: says[REQUEST_ID],
    }
    return found


def _json(says: Mapping[str, Any]) -> str:
    return json.dumps(says, ensure_ascii=False, separators=(",", ":"))
