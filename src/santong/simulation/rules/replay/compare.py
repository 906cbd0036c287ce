"""The same orders, the same opening stock, the same freight: what each policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from santong.simulation.rules.replay.freight import MILLI_PER_MINOR, FreightRates
from santong.simulation.rules.replay.policies import Policy, merged
from santong.simulation.rules.replay.shelves import Portion, Shelves
from santong.simulation.rules.replay.world import WantedOrder, World, metres_to

PROGRESS_EVERY = 500


@dataclass(slots=True)
class Outcome:
    """What one policy did with all orders. `cost_milli` is summed over parcels."""

    name: str
    orders: int = 0
    pieces: int = 0
    pieces_sent: int = 0
    orders_whole: int = 0
    orders_served: int = 0
    parcels: int = 0
    cost_milli: int = 0
    metres: list[int] = field(default_factory=list[int])  # one a piece sent
    cost_milli_by_whole_order: dict[str, int] = field(default_factory=dict[str, int])
    places_by_order: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def fill_rate(self) -> float:
        """The share of the pieces wanted that were sent."""
        return self.pieces_sent / self.pieces if self.pieces else 0.0

    @property
    def parcels_per_order(self) -> float:
        """Parcels for each order that got anything."""
        return self.parcels / self.orders_served if self.orders_served else 0.0

    @property
    def cost_minor_per_piece(self) -> float:
        """What sending a piece cost, over all pieces sent."""
        return self.cost_milli / MILLI_PER_MINOR / self.pieces_sent if self.pieces_sent else 0.0

    @property
    def median_km(self) -> float:
        """The distance that half of the pieces stayed below."""
        return median(self.metres) / 1_000 if self.metres else 0.0

    def add(self, *, order: WantedOrder, portions: Sequence[Portion], parcels: _Parcels) -> None:
        """Count one order."""
        sent = sum(portion.quantity for portion in portions)
        self.orders += 1
        self.pieces += order.pieces
        self.pieces_sent += sent
        self.orders_served += 1 if sent else 0
        self.parcels += len(parcels.metres_by_place)
        self.cost_milli += parcels.cost_milli
        self.places_by_order[order.number] = tuple(parcels.metres_by_place)
        for portion in portions:
            self.metres += [parcels.metres_by_place[portion.place]] * portion.quantity
        if sent == order.pieces:
            self.orders_whole += 1
            self.cost_milli_by_whole_order[order.number] = parcels.cost_milli


@dataclass(frozen=True, slots=True)
class _Parcels:
    metres_by_place: dict[str, int]
    cost_milli: int


def outcome_of(
    *,
    policy: Policy,
    world: World,
    rates: FreightRates,
    progress: Callable[[int], None] = lambda _orders: None,
) -> Outcome:
    """All orders in time order, decided by one policy on shelves of its own."""
    shelves = Shelves(stock=world.stock)
    outcome = Outcome(name=policy.name)
    for number, order in enumerate(world.orders, start=1):
        portions = policy.portions(order=order, shelves=shelves)
        for portion in portions:
            shelves.take(portion=portion)
        outcome.add(order=order, portions=portions, parcels=_parcels(order, portions, world, rates))
        if not number % PROGRESS_EVERY:
            progress(PROGRESS_EVERY)
    progress(len(world.orders) % PROGRESS_EVERY)
    return outcome


def as_it_was(*, world: World, rates: FreightRates) -> Outcome:
    """What really happened: every line came from its seller, who had it."""
    outcome = Outcome(name="as it was")
    for order in world.orders:
        portions = merged([Portion(line.seller, line.good, line.quantity) for line in order.lines])
        outcome.add(order=order, portions=portions, parcels=_parcels(order, portions, world, rates))
    return outcome


def cost_minor_of_common_orders(*, outcomes: Sequence[Outcome]) -> tuple[int, dict[str, float]]:
    """Orders that every one of these filled whole, and what one cost on average under each.

    Over all orders the costs do not compare: who leaves far orders unfilled looks cheap.
    """
    whole = set[str].intersection(*(set[str](_whole(outcome)) for outcome in outcomes))
    return len(whole), {
        outcome.name: sum(outcome.cost_milli_by_whole_order[number] for number in sorted(whole))
        / MILLI_PER_MINOR
        / max(len(whole), 1)
        for outcome in outcomes
    }


def _whole(outcome: Outcome) -> Iterator[str]:
    return iter(outcome.cost_milli_by_whole_order)


def _parcels(
    order: WantedOrder, portions: Sequence[Portion], world: World, rates: FreightRates
) -> _Parcels:
    grams_by_place: dict[str, int] = {}
    for portion in portions:
        grams = world.goods[portion.good].weight_grams * portion.quantity
        grams_by_place[portion.place] = grams_by_place.get(portion.place, 0) + grams
    metres_by_place = {
        place: metres_to(place=world.places[place], point=order.point) for place in grams_by_place
    }
    return _Parcels(
        metres_by_place=metres_by_place,
        cost_milli=sum(
            rates.parcel_cost_milli(metres=metres_by_place[place], grams=grams)
            for place, grams in grams_by_place.items()
        ),
    )
