"""A body that an operation would accept, made from its schema and from things that exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AN_INSTANT = "2026-11-11T07:27:00+00:00"
MOMENTS = {"date-time": AN_INSTANT, "date": AN_INSTANT.partition("T")[0]}
SIMPLE = {"integer": 1, "number": 1.5, "boolean": True}


def body_of(
    operation: Mapping[str, Any], *, document: Mapping[str, Any], known: Mapping[str, Any]
) -> Any:
    """Every field that must be there; `known` holds values by the name of their field."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = content["application/json"]["schema"]
    return _value(schema, name="", document=document, known=known)


def _value(
    schema: Mapping[str, Any], *, name: str, document: Mapping[str, Any], known: Mapping[str, Any]
) -> Any:
    if name in known:
        return known[name]
    schema = _plain(schema, document)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        # A change has no field that must be there: it names some that may.
        wanted = schema.get("required") or list(fields)[:2]
        return {
            each: _value(fields[each], name=each, document=document, known=known) for each in wanted
        }
    if kind == "array":
        return [_value(schema["items"], name="", document=document, known=known)]
    if kind == "string":
        return MOMENTS.get(schema.get("format", ""), "example")
    return SIMPLE.get(str(kind), "example")


def _plain(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference points at, and the first of several possibilities."""
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _plain(schema[several][0], document)
    if "$ref" in schema:
        found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _plain(found, document)
    return schema
