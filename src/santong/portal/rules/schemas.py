"""A JSON Schema as lines of a page: each member with what it is, references followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

DEEPEST: Final = 6
_NULL: Final = "null"


@dataclass(frozen=True, slots=True)
class SchemaLine:
    """One member: how deep it lies, what it is, whether it is always there."""

    depth: int
    name: str
    kind: str
    is_required: bool
    about: str


def schema_lines(schema: Mapping[str, Any]) -> list[SchemaLine]:
    """The members of an object's schema, each before what it holds."""
    return list(_members(schema, schema.get("$defs", {}), 0))


def _members(
    schema: Mapping[str, Any], defined: Mapping[str, Any], depth: int
) -> Iterator[SchemaLine]:
    if depth > DEEPEST:
        return
    needed = set(schema.get("required", ()))
    for name, told in schema.get("properties", {}).items():
        plain, may_be_null = _plain(told, defined)
        inner, is_list = _inner(plain, defined)
        yield SchemaLine(
            depth=depth,
            name=name,
            kind=_kind(inner, is_list=is_list),
            is_required=name in needed and not may_be_null,
            about=str(told.get("description", "")),
        )
        yield from _members(inner, defined, depth + 1)


def _plain(told: Mapping[str, Any], defined: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """A member without its reference and without null."""
    may_be_null = False
    while True:
        if "$ref" in told:
            told = defined.get(str(told["$ref"]).rpartition("/")[2], {})
        elif "anyOf" in told:
            choices = [each for each in told["anyOf"] if each.get("type") != _NULL]
            may_be_null = may_be_null or len(choices) < len(told["anyOf"])
            told = choices[0] if choices else {}
        else:
            return told, may_be_null


def _inner(told: Mapping[str, Any], defined: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    if told.get("type") != "array":
        return told, False
    return _plain(told.get("items", {}), defined)[0], True


def _kind(told: Mapping[str, Any], *, is_list: bool) -> str:
    """`text`, `number`, `moment` …; `list.` stands before those of a list."""
    if "enum" in told or "const" in told:
        said = " / ".join(str(each) for each in told.get("enum", [told.get("const")]))
    else:
        said = _WORDS.get((told.get("type"), told.get("format")), "")
        said = said or _WORDS.get((told.get("type"), None), "text")
    return f"list.{said}" if is_list else said


_WORDS: Final[Mapping[tuple[Any, Any], str]] = {
    ("integer", None): "number",
    ("number", None): "number",
    ("boolean", None): "flag",
    ("object", None): "record",
    ("string", None): "text",
    ("string", "date-time"): "moment",
    ("string", "date"): "day",
}
