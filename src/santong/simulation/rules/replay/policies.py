"""Ways of deciding which place sends what. Each sees one order and the shelves, and sends.

Every policy but the first must fill what any place holds; they differ in where from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from santong.simulation.rules.places import metres_between
from santong.simulation.rules.replay.shelves import Portion, Shelves
from santong.simulation.rules.replay.world import Place, WantedOrder, World


class Policy(Protocol):
    """Decides for one order. `name` is what reports call it."""

    @property
    def name(self) -> str: ...

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        """What is sent from where: never more than is wanted, never more than is there."""
        ...


@dataclass(frozen=True, slots=True)
class AsSold:
    """The real seller or nobody: no stock is shared."""

    name: str = "as sold"

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        portions = [
            Portion(
                line.seller,
                line.good,
                min(line.quantity, shelves.holding(good=line.good).get(line.seller, 0)),
            )
            for line in order.lines
        ]
        return merged(portions)


@dataclass(frozen=True, slots=True)
class NearestPerLine:
    """Each line from the nearest place that has some, the rest of it from the next."""

    world: World
    name: str = "nearest per line"

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        metres = metres_by_place(order=order, places=self.world.places, shelves=shelves)
        return [
            portion
            for good, wanted in wanted_by_good(order=order).items()
            for portion in _from_the_nearest(good, wanted, shelves.holding(good=good), metres)
        ]


@dataclass(frozen=True, slots=True)
class RuleEngine:
    """The nearest place that holds everything; where none does, each line from its nearest."""

    world: World
    name: str = "rule engine"

    def portions(self, *, order: WantedOrder, shelves: Shelves) -> Sequence[Portion]:
        metres = metres_by_place(order=order, places=self.world.places, shelves=shelves)
        wanted = wanted_by_good(order=order)
        whole = [
            place
            for place in metres
            if all(
                shelves.holding(good=good).get(place, 0) >= pieces
                for good, pieces in wanted.items()
            )
        ]
        if not whole:
            return NearestPerLine(self.world).portions(order=order, shelves=shelves)
        nearest = min(whole, key=lambda place: (metres[place], place))
        return [Portion(nearest, good, pieces) for good, pieces in wanted.items()]


def wanted_by_good(*, order: WantedOrder) -> dict[str, int]:
    """The pieces wanted of each product; two sellers' lines of one product are one wish."""
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.good] = wanted.get(line.good, 0) + line.quantity
    return wanted


def metres_by_place(
    *, order: WantedOrder, places: Mapping[str, Place], shelves: Shelves
) -> dict[str, int]:
    """How far every place is that holds something the order wants."""
    holding = {place for line in order.lines for place in shelves.holding(good=line.good)}
    return {
        code: metres_between(
            latitude=places[code].point.latitude,
            longitude=places[code].point.longitude,
            other_latitude=order.point.latitude,
            other_longitude=order.point.longitude,
        )
        for code in sorted(holding)
    }


def merged(portions: Sequence[Portion]) -> list[Portion]:
    """The same portions, one for each place and product, without empty ones."""
    quantities: dict[tuple[str, str], int] = {}
    for place, good, quantity in portions:
        quantities[place, good] = quantities.get((place, good), 0) + quantity
    return [Portion(*key, quantity) for key, quantity in quantities.items() if quantity]


def _from_the_nearest(
    good: str, wanted: int, holding: Mapping[str, int], metres: Mapping[str, int]
) -> list[Portion]:
    portions: list[Portion] = []
    for place in sorted(holding, key=lambda place: (metres[place], place)):
        if not wanted:
            break
        pieces = min(wanted, holding[place])
        portions.append(Portion(place, good, pieces))
        wanted -= pieces
    return portions
