"""Data as they leave: ids are text, because not every language keeps 64-bit numbers whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def outward(value: Any, *, name: str = "") -> Any:
    """The same data with every `…_id` and `…_ids` as text."""
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return {key: outward(each, name=key) for key, each in inner.items()}
    if isinstance(value, list | tuple):
        each_name = name.removesuffix("s") if name.endswith("_ids") else ""
        return [outward(each, name=each_name) for each in cast("list[Any]", value)]
    if _is_id(name) and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def outward_schema(*, schema: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """The JSON Schema of what `outward` gives."""
    found: dict[str, Any] = {}
    for word, value in schema.items():
        if word in {"properties", "$defs"}:
            inner = cast("dict[str, dict[str, Any]]", value)
            keeps_name = word == "properties"
            found[word] = {
                key: outward_schema(schema=each, name=key if keeps_name else "")
                for key, each in inner.items()
            }
        elif word == "items" and isinstance(value, dict):
            each_name = name.removesuffix("s") if name.endswith("_ids") else ""
            found[word] = outward_schema(schema=cast("dict[str, Any]", value), name=each_name)
        elif word == "anyOf":
            choices = cast("list[dict[str, Any]]", value)
            found[word] = [outward_schema(schema=each, name=name) for each in choices]
        else:
            found[word] = value
    if _is_id(name) and found.get("type") == "integer":
        found["type"] = "string"
    return found


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")
