"""When two messages say the same: whatever their spelling, and whoever pressed the button when."""

from __future__ import annotations

import hashlib
from typing import Final

from santong.qimen.rules.marks import Part
from santong.qimen.rules.reading import write
from santong.qimen.rules.xml import Element, write_xml

# Of a message that is sent again, these are those of the second try.
_OF_THE_TRY: Final = frozenset({"operateTime", "operatorCode", "operatorName", "operationTime"})


def digest_of(*, document: Part) -> str:
    """What is equal for two documents that say the same."""
    element = _without(write(part=document, name="said"))
    return hashlib.sha256(write_xml(element=element)).hexdigest()


def fitting(*, number: str, longest: int) -> str:
    """A number as it is kept: one that is too long by what it digests to."""
    return number if len(number) <= longest else hashlib.sha256(number.encode()).hexdigest()


def _without(element: Element) -> Element:
    children = tuple(_without(child) for child in element.children if child.name not in _OF_THE_TRY)
    return Element(element.name, element.text, children)
