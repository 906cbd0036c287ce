"""Which way a case, a repair and a claim may go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CASE: Final[Mapping[str, frozenset[str]]] = {
    "requested": frozenset({"awaiting_goods", "working", "done", "refused", "cancelled"}),
    "awaiting_goods": frozenset({"working", "done", "refused", "cancelled", "requested"}),
    "working": frozenset({"done", "refused", "requested"}),
    "done": frozenset(),
    "refused": frozenset(),
    "cancelled": frozenset(),
}

REPAIR: Final[Mapping[str, frozenset[str]]] = {
    "waiting_item": frozenset({"looked_at"}),
    "looked_at": frozenset({"quoted", "repairing", "repaired"}),
    "quoted": frozenset({"to_be_paid", "repaired", "quoted"}),
    "to_be_paid": frozenset({"repairing", "repaired"}),
    "repairing": frozenset({"repaired", "quoted"}),
    "repaired": frozenset({"handed_back"}),
    "handed_back": frozenset(),
}

CLAIM: Final[Mapping[str, frozenset[str]]] = {
    "open": frozenset({"submitted", "withdrawn"}),
    "submitted": frozenset({"accepted", "refused", "withdrawn", "paid"}),
    "accepted": frozenset({"paid", "withdrawn"}),
    "refused": frozenset({"submitted"}),
    "paid": frozenset(),
    "withdrawn": frozenset(),
}


def takes_goods_into_stock(kind: str) -> bool:
    """Whether what comes back becomes the house's: what is repaired stays the buyer's."""
    return kind != "repair"
