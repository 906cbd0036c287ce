"""What documents show of a method beside its declaration: refusals, lines, what is found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from xml.etree import ElementTree as ET

T = TypeVar("T")

# What any call may be told, in the order in which it is checked.
_ALWAYS: Final = (21, 22, 28, 29, 33, 31, 23, 24, 25)
_WITH_SESSION: Final = (26, 27)
_LATER: Final = (7,)
_ARGUMENTS: Final = (40, 41)
_LAST: Final = (15, 10)


@dataclass(frozen=True, slots=True)
class Flat(Generic[T]):
    """One line of a tree, with how deep it lies."""

    depth: int
    item: T


def codes_of(*, needs_session: bool, has_arguments: bool) -> tuple[int, ...]:
    """The numbers that a call of a method may be refused with, in the order of the checks."""
    return (
        *_ALWAYS,
        *(_WITH_SESSION if needs_session else ()),
        11,
        *((12,) if needs_session else ()),
        *_LATER,
        *(_ARGUMENTS if has_arguments else ()),
        *_LAST,
    )


def matches(*, words: str, texts: Iterable[str]) -> bool:
    """Whether each word stands somewhere in the texts, whatever its case."""
    heap = "\n".join(texts).casefold()
    return all(word in heap for word in words.casefold().split())


def flattened(items: Sequence[T], *, inner: str = "inner", depth: int = 0) -> list[Flat[T]]:
    """A tree as lines, each before what it holds."""
    return list(_flat(items, inner, depth))


def laid_out(text: str) -> str:
    """JSON or XML with a line for each member; whatever else it is stays as it came."""
    if text.lstrip().startswith("<"):
        return _xml(text)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _flat(items: Sequence[T], inner: str, depth: int) -> Iterator[Flat[T]]:
    for item in items:
        yield Flat(depth, item)
        yield from _flat(getattr(item, inner), inner, depth + 1)


def _xml(text: str) -> str:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return text
    try:
        root = ET.fromstring(text.encode())  # noqa: S314  no document type, no entities
    except (ET.ParseError, ValueError, RecursionError):
        return text
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")
