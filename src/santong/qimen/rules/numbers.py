"""By which number people know a message."""

from __future__ import annotations

from typing import Final

from santong.qimen.rules.masking import shown
from santong.qimen.rules.xml import Element

# The first of these that a document says, wherever it stands.
_NAMES: Final = (
    "deliveryOrderCode",
    "entryOrderCode",
    "returnOrderCode",
    "orderCode",
    "checkOrderCode",
    "billNum",
    "itemCode",
    "storeCode",
    "warehouseCode",
)


def number_in(*, element: Element) -> str:
    """The number of the document that a message is about, or of the first thing in it."""
    found: dict[str, str] = {}
    _look(element, found)
    return next((found[name] for name in _NAMES if name in found), "")


def _look(element: Element, found: dict[str, str]) -> None:
    if element.name in _NAMES and element.text and element.name not in found:
        found[element.name] = shown(name=element.name, text=element.text)
    for child in element.children:
        _look(child, found)
