"""Which units of an order a breach is about, where that can be known without asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from santong.aftersales.contracts.cases import Kind, Reason

# Remedies in goods are made here; those in money are the agreement's own to pay.
KIND_OF_REMEDY: Final[Mapping[str, Kind]] = {"resend": "resend", "replace": "exchange"}
REASON_OF_TERM: Final[Mapping[str, Reason]] = {
    "damage": "damaged",
    "missing": "missing_part",
    "gift": "missing_part",
    "wrong_item": "wrong_item",
    "material": "not_as_described",
    "ship_window": "not_received",
    "delivery_window": "not_received",
    "install_window": "not_received",
    "delay": "not_received",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeLine:
    """A line of an order, and how many of its units a case can still be about."""

    line_id: int
    sku_code: str
    left: int


def reason_of(term: str) -> Reason:
    """Why a case is opened for a term of a kind."""
    return REASON_OF_TERM.get(term, "other")


def units_meant(goods: Mapping[str, int], lines: Sequence[FreeLine]) -> dict[int, int]:
    """Units by line: of named goods those, of unnamed ones the only unit there is.

    Nothing where somebody has to say: goods that are no line of the order, more than are left, or
    several that might be meant.
    """
    if not goods:
        free = [line for line in lines if line.left > 0]
        return {free[0].line_id: 1} if sum(line.left for line in free) == 1 else {}
    found = dict[int, int]()
    for sku_code, wanted in goods.items():
        left = wanted
        for line in lines:
            taken = min(left, line.left) if line.sku_code == sku_code else 0
            if taken > 0:
                found[line.line_id] = taken
                left -= taken
        if left:
            return {}
    return found
