"""Points as a page of Python: lots that end, what waits, what is owed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


class Refused(Exception):
    """The page says no."""


@dataclass
class Lot:
    ends: datetime
    rest: int
    bought: str


@dataclass
class Bought:
    points: int
    quantity: int
    ends: datetime
    matures: datetime
    returned: int = 0
    taken: int = 0
    is_mature: bool = False


@dataclass
class Burnt:
    # What it took from which lot, in the order in which it took it.
    parts: list[tuple[Lot, int]]
    given_back: int = 0

    @property
    def points(self) -> int:
        return sum(amount for _, amount in self.parts)


@dataclass
class Purse:
    """What one member has."""

    policy: Literal["clamp", "negative"]
    lots: list[Lot] = field(default_factory=list)
    bought: dict[str, Bought] = field(default_factory=dict)
    burnt: dict[str, Burnt] = field(default_factory=dict)
    debt: int = 0

    def pending(self) -> int:
        return sum(b.points - b.taken for b in self.bought.values() if not b.is_mature)

    def available(self, now: datetime) -> int:
        return sum(lot.rest for lot in self.lots if lot.ends > now)

    def left_by_end(self, now: datetime) -> dict[datetime, int]:
        left: dict[datetime, int] = {}
        for lot in self.lots:
            if lot.ends > now and lot.rest:
                left[lot.ends] = left.get(lot.ends, 0) + lot.rest
        return left

    def buy(
        self, key: str, points: int, quantity: int, *, ends: datetime, matures: datetime
    ) -> None:
        self.bought[key] = Bought(points, quantity, ends, matures, is_mature=points == 0)

    def mature_due(self, now: datetime) -> None:
        due = [key for key, each in self.bought.items() if not each.is_mature]
        for key in sorted(due, key=lambda key: self.bought[key].matures):
            if self.bought[key].matures <= now:
                self._mature(key)

    def _mature(self, key: str) -> None:
        bought = self.bought[key]
        left = bought.points - bought.taken
        bought.is_mature = True
        paid = min(left, self.debt)
        self.debt -= paid
        self.put(left - paid, bought.ends, key)

    def put(self, points: int, ends: datetime, bought: str = "") -> None:
        if points:
            self.lots.append(Lot(ends, points, bought))

    def take(self, points: int, now: datetime, first: str = "") -> list[tuple[Lot, int]]:
        if points > self.available(now):
            raise Refused
        usable = [lot for lot in self.lots if lot.ends > now and lot.rest]
        parts = []
        for lot in sorted(usable, key=lambda lot: (lot.bought != first if first else 0, lot.ends)):
            taken = min(lot.rest, points)
            if taken:
                lot.rest -= taken
                points -= taken
                parts.append((lot, taken))
        return parts

    def burn(self, key: str, points: int, now: datetime) -> None:
        if key not in self.burnt:
            self.burnt[key] = Burnt(self.take(points, now))

    def give_back(self, key: str, points: int) -> None:
        burnt = self.burnt[key]
        if points > burnt.points - burnt.given_back:
            raise Refused
        # What was taken from the lots that end last goes back first.
        skip = burnt.given_back
        burnt.given_back += points
        for lot, amount in sorted(burnt.parts, key=lambda part: part[0].ends, reverse=True):
            free = max(amount - skip, 0)
            skip = max(skip - amount, 0)
            back = min(free, points)
            lot.rest += back
            points -= back

    def give_back_goods(self, key: str, quantity: int, now: datetime) -> None:
        bought = self.bought[key]
        if quantity > bought.quantity - bought.returned:
            raise Refused
        until_now = bought.points * (bought.returned + quantity) // bought.quantity
        owed = until_now - bought.points * bought.returned // bought.quantity
        bought.returned += quantity
        bought.taken += owed
        if not bought.is_mature:
            return
        there = min(owed, self.available(now))
        self.take(there, now, first=key)
        if self.policy == "negative":
            self.debt += owed - there
