"""Policies on the test-bed: the rules of thumb, and the router as live orders use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from _routing_testbed import (
    CENTRES,
    ITEM_DOLLARS,
    METRES_PER_MILE,
    MILE_DOLLARS,
    MILLI_PER_DOLLAR,
    PARCEL_DOLLARS,
    Instance,
    milli,
)
from santong.routing.contracts import Candidate, DemandLine, Shelf, SourcingInput, Tariff
from santong.routing.rules.decide import decide
from santong.routing.rules.prices.problem import Prices

# The test-bed pays by item and mile whatever an item weighs, so every item weighs a kilogram.
GRAMS = 1_000
KM_PER_MILE = METRES_PER_MILE / 1_000
TARIFF = Tariff(
    carriage_micro_per_kg_km=round(MILE_DOLLARS * MILLI_PER_DOLLAR * 1_000 / KM_PER_MILE)
)

Stock = NDArray[np.int64]
# For each item of the order that anybody holds, the centre that sends it.
Policy = Callable[[int, int, Stock], dict[int, int]]


@dataclass(slots=True)
class Outcome:
    """What a policy came to over a sequence of orders."""

    dollars: float = 0.0
    orders: int = 0
    parcels: int = 0
    items: int = 0
    unfilled: int = 0
    unfilled_with_stock: int = 0


def run(
    *, instance: Instance, sequence: Sequence[tuple[int, int]], policy: Policy, stock: Stock
) -> Outcome:
    """Serves the orders one by one; `stock` goes down, costs are counted in whole dollars here."""
    outcome = Outcome()
    for metro, order_type in sequence:
        basket = instance.baskets[order_type]
        sender_by_item = policy(metro, order_type, stock)
        unfilled = [item for item in basket if item not in sender_by_item]
        outcome.orders += bool(sender_by_item)
        outcome.items += len(basket)
        outcome.unfilled += len(unfilled)
        outcome.unfilled_with_stock += sum(bool(stock[:, item].any()) for item in unfilled)
        for item, centre in sender_by_item.items():
            stock[centre, item] -= 1
            outcome.dollars += instance.land.item_dollars[metro, centre]
        parcels = len(set(sender_by_item.values()))
        outcome.parcels += parcels
        outcome.dollars += parcels * PARCEL_DOLLARS
        outcome.dollars += len(unfilled) * instance.land.unfilled_dollars
    assert stock.min() >= 0, "a policy sent what was not there"
    return outcome


def nearest_per_line(instance: Instance) -> Policy:
    """Each item from the nearest centre that has it."""
    by_distance = instance.land.metres.argsort(axis=1).tolist()

    def senders(metro: int, order_type: int, stock: Stock) -> dict[int, int]:
        return {
            item: centre
            for item in instance.baskets[order_type]
            if (centre := _first(by_distance[metro], stock[:, item].tolist())) is not None
        }

    return senders


def rule_engine(instance: Instance) -> Policy:
    """The nearest centre that has everything, or else each item from the nearest."""
    by_distance = instance.land.metres.argsort(axis=1).tolist()
    apart = nearest_per_line(instance)

    def senders(metro: int, order_type: int, stock: Stock) -> dict[int, int]:
        items = [item for item in instance.baskets[order_type] if stock[:, item].any()]
        for centre in by_distance[metro]:
            if all(stock[centre, item] for item in items):
                return dict.fromkeys(items, centre)
        return apart(metro, order_type, stock)

    return senders


def _first(centres: Sequence[int], held: Sequence[int]) -> int | None:
    return next((centre for centre in centres if held[centre]), None)


@dataclass(slots=True)
class Router:
    """Asks `decide` as routing does for a live order: places, stock, prices in; a choice out."""

    instance: Instance
    price_milli_by_place: dict[tuple[int, int], int] = field(default_factory=dict)
    _shelves: dict[tuple[int, int], Shelf] = field(default_factory=dict)
    _lines: dict[int, tuple[DemandLine, ...]] = field(default_factory=dict)

    def use(self, prices: Prices) -> None:
        self.price_milli_by_place = dict(prices.price_milli_by_place)
        self._shelves.clear()

    def __call__(self, metro: int, order_type: int, stock: Stock) -> dict[int, int]:
        basket = self.instance.baskets[order_type]
        choice = decide(
            sourcing=SourcingInput(
                lines=self._demand(order_type, basket),
                candidates=tuple(self._candidates(metro, basket, stock[:, basket].tolist())),
                tariff=TARIFF,
            )
        )
        return {
            portion.sku_id: parcel.location_id
            for parcel in choice.parcels
            for portion in parcel.portions
        }

    def _demand(self, order_type: int, basket: tuple[int, ...]) -> tuple[DemandLine, ...]:
        if order_type not in self._lines:
            self._lines[order_type] = tuple(
                DemandLine(line_id=item, sku_id=item, quantity=1, weight_grams=GRAMS)
                for item in basket
            )
        return self._lines[order_type]

    def _candidates(
        self, metro: int, basket: tuple[int, ...], held: list[list[int]]
    ) -> Iterator[Candidate]:
        metres = self.instance.land.metres[metro].tolist()
        for centre in range(len(CENTRES)):
            yield Candidate(
                location_id=centre,
                shelves=tuple(
                    self._shelf(centre, item, atp)
                    for item, atp in zip(basket, held[centre], strict=True)
                    if atp
                ),
                distance_metres=metres[centre],
                parcel_cost_milli=milli(PARCEL_DOLLARS),
                unit_handling_milli=milli(ITEM_DOLLARS),
            )

    def _shelf(self, centre: int, item: int, atp: int) -> Shelf:
        shelf = self._shelves.get((centre, item))
        if shelf is None or shelf.atp != atp:
            shelf = Shelf(
                sku_id=item,
                atp=atp,
                price_milli=self.price_milli_by_place.get((centre, item), 0),
            )
            self._shelves[centre, item] = shelf
        return shelf
