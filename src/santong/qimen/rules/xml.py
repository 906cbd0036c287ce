"""XML as the bus speaks it: elements and texts, read within limits and written plainly.

A reader of our own on top of expat: no document type, no entities but the five of XML, no more
depth, elements or text than a document of the trade needs, in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

LARGEST_BODY: Final = 1024 * 1024
DEEPEST: Final = 16
MOST_ELEMENTS: Final = 40_000
LONGEST_TEXT: Final = 8_000
LONGEST_NAME: Final = 100

_ENCODING: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{1,40})")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


class Unreadable(Exception):
    """A document that is not what it should be; `path` names the element, `reason` says why."""

    def __init__(self, *, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Element:
    """An element: text if it is a leaf, children if it is not. Attributes say nothing here."""

    name: str
    text: str = ""
    children: tuple[Element, ...] = ()

    def child(self, name: str) -> Element | None:
        """The first child of a name."""
        return next((each for each in self.children if each.name == name), None)

    def text_of(self, name: str) -> str:
        """The text of the first child of a name, empty without one."""
        found = self.child(name)
        return found.text if found else ""


def read_xml(*, body: bytes, root: str) -> Element:
    """A document's root element. Raises Unreadable, for whatever a document may not be."""
    if len(body) > LARGEST_BODY:
        raise Unreadable(path="/", reason="too large")
    declared = _ENCODING.match(body.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise Unreadable(path="/", reason="not UTF-8")
    builder = _Builder()
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = builder.refuse_document_type
    parser.EntityDeclHandler = builder.refuse_document_type
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.say
    try:
        parser.Parse(body, True)  # noqa: FBT003  expat takes it by place
    except expat.ExpatError as wrong:
        raise Unreadable(path=builder.path, reason=f"not XML in line {wrong.lineno}") from None
    except (ValueError, LookupError):
        raise Unreadable(path=builder.path, reason="not XML") from None
    found = builder.found
    if found is None or found.name != root:
        raise Unreadable(path="/", reason=f"the root is not {root}")
    return found


class _Builder:
    """What expat has told so far."""

    def __init__(self) -> None:
        self.found: Element | None = None
        self._names: list[str] = []
        self._children: list[list[Element]] = []
        self._texts: list[list[str]] = []
        self._elements = 0
        self._length = 0

    @property
    def path(self) -> str:
        return "/" + "/".join(self._names)

    def refuse_document_type(self, *_: object) -> None:
        raise Unreadable(path="/", reason="a document type or an entity")

    def start(self, name: str, _attributes: object) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise Unreadable(path=self.path, reason="too many elements")
        if len(self._names) == DEEPEST:
            raise Unreadable(path=self.path, reason="too deep")
        if len(name) > LONGEST_NAME:
            raise Unreadable(path=self.path, reason="a name that is too long")
        self._names.append(name)
        self._children.append([])
        self._texts.append([])
        self._length = 0

    def say(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise Unreadable(path=self.path, reason="too long")
        self._texts[-1].append(text)

    def end(self, name: str) -> None:
        self._names.pop()
        children, said = self._children.pop(), self._texts.pop()
        self._length = 0
        text = "" if children else "".join(said).strip()
        element = Element(name, text, tuple(children))
        if self._children:
            self._children[-1].append(element)
        else:
            self.found = element


def write_xml(*, element: Element) -> bytes:
    """A document with its declaration. Names and texts are such that XML can carry them."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>']
    _write(element, parts)
    return "".join(parts).encode()


def _write(element: Element, parts: list[str]) -> None:
    assert _NAME.fullmatch(element.name), element.name
    parts.append(f"<{element.name}>")
    if element.children:
        for child in element.children:
            _write(child, parts)
    else:
        parts.append(escaped(text=element.text))
    parts.append(f"</{element.name}>")


def escaped(*, text: str) -> str:
    """A text as it stands between tags; what XML cannot carry becomes a question mark."""
    kept = _UNWRITABLE.sub("?", text)
    return "".join(_ESCAPED.get(letter, letter) for letter in kept)


def is_name(*, text: str) -> bool:
    """Whether an element may be called so."""
    return bool(_NAME.fullmatch(text))


def leaf(name: str, text: str) -> Element:
    """An element that says something."""
    return Element(name, text)


def branch(name: str, children: Sequence[Element]) -> Element:
    """An element that holds others."""
    return Element(name, "", tuple(children))
