"""Stock in memory, for policies that are compared on the same orders: taken from, never below 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple


class Portion(NamedTuple):
    """So many pieces of one product from one place."""

    place: str
    good: str
    quantity: int


class Shelves:
    """What every place still holds. Each policy starts with a copy of its own."""

    def __init__(self, *, stock: Mapping[tuple[str, str], int]) -> None:
        self._pieces_by_place: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (place, good), pieces in sorted(stock.items()):
            self._pieces_by_place[good][place] = pieces

    def holding(self, *, good: str) -> Mapping[str, int]:
        """The places that hold the product, and how many pieces."""
        return self._pieces_by_place[good]

    def take(self, *, portion: Portion) -> None:
        """Take what a policy sends. A policy that sends what is not there is a bug."""
        pieces_by_place = self._pieces_by_place[portion.good]
        left = pieces_by_place.get(portion.place, 0) - portion.quantity
        assert left >= 0, f"{portion} was sent and is not there"
        if left:
            pieces_by_place[portion.place] = left
        else:
            del pieces_by_place[portion.place]
