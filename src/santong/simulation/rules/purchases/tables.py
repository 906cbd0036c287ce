"""What members bought and brought back, as published files tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from santong.simulation.rules.published.tally import Tally


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one product, and what was paid for them together."""

    number: int
    product: str
    category: str
    brand: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Basket:
    """What one member bought at once. Lines are numbered from 1 without gaps."""

    number: str
    member: str
    shop: str
    bought_at: datetime
    lines: tuple[Line, ...]

    @property
    def amount_minor(self) -> int:
        """What was paid for all of it."""
        return sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What came back of one basket under one number, in pieces by line."""

    number: str
    basket: str
    member: str
    returned_at: datetime
    quantity_by_line: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class History:
    """All that the members of a shop bought and brought back, each in the order of time."""

    name: str
    currency: str
    baskets: tuple[Basket, ...]
    returns: tuple[GivenBack, ...]
    tally: Tally
