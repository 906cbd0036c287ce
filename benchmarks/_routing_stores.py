"""Policies on the chain of warehouses and stores: chosen, declined, chosen again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from _routing_chain import (
    FAILURE_MILLI,
    GRAMS,
    PLACES,
    SKUS,
    TARIFF,
    UNFILLED_MILLI,
    Chain,
    Grid,
    Order,
    draw_chain,
)
from santong.routing.contracts import DemandLine, SourcingInput
from santong.routing.rules.costs import CERTAIN_PPM
from santong.routing.rules.decide import decide
from santong.routing.rules.shortlist.columns import ShelfColumn
from santong.routing.rules.shortlist.keep import shortlist

ATTEMPTS_MAX = 3

# For each SKU that some able place holds, the place that is asked to send it.
Choose = Callable[[Order, frozenset[int], Grid], dict[int, int]]


@dataclass(slots=True)
class Served:
    """What a policy came to, the declined parcels included."""

    milli: int = 0
    orders: int = 0
    parcels: int = 0
    declined: int = 0
    unfilled: int = 0
    unfilled_with_stock: int = 0


class ChainTask(NamedTuple):
    """Which chain, and how many orders it gets."""

    seed: int
    orders: int


def served_by_policy(task: ChainTask) -> dict[str, Served]:
    """All policies on the same chain under the same orders and moods."""
    chain = draw_chain(seed=task.seed, orders=task.orders)
    certain = np.full(PLACES, CERTAIN_PPM)
    trusted = replace(chain, places=replace(chain.places, accept_ppm=certain))
    policies: dict[str, Choose] = {
        "nearest_per_line": _Nearest(chain),
        "rule_engine": _RuleEngine(chain),
        "myopic_trusting": _Router(trusted),
        "myopic": _Router(chain),
        "one_solve": _Router(chain, chain.price_milli()),
    }
    return {name: _served(chain, choose) for name, choose in policies.items()}


def _served(chain: Chain, choose: Choose) -> Served:
    """Stock goes down as it is sent; what was declined is chosen again without that place."""
    served, stock = Served(orders=len(chain.orders)), chain.stock.copy()
    for order in chain.orders:
        left, refused = order, frozenset[int]()
        for _ in range(ATTEMPTS_MAX):
            place_by_sku = choose(left, refused, stock)
            served.unfilled_with_stock += _left_lying(chain, left, refused, stock, place_by_sku)
            accepted = {sku: at for sku, at in place_by_sku.items() if order.moods[at]}
            declined = frozenset(place_by_sku.values()) - frozenset(accepted.values())
            _send(chain, order, accepted, stock, served)
            served.declined += len(declined)
            served.milli += len(declined) * FAILURE_MILLI
            refused |= declined
            left = left._replace(skus=tuple(sku for sku in left.skus if sku not in accepted))
            if not declined:
                break
        served.unfilled += len(left.skus)
        served.milli += len(left.skus) * UNFILLED_MILLI
    return served


def _send(
    chain: Chain, order: Order, place_by_sku: dict[int, int], stock: Grid, served: Served
) -> None:
    for place in set(place_by_sku.values()):
        skus = [sku for sku, sender in place_by_sku.items() if sender == place]
        assert stock[place, skus].min() > 0, "a policy sent what was not there"
        stock[place, skus] -= 1
        served.parcels += 1
        served.milli += chain.parcel_milli(order=order, place=place, units=len(skus))


def _left_lying(
    chain: Chain, order: Order, refused: frozenset[int], stock: Grid, chosen: dict[int, int]
) -> int:
    able = chain.able(order=order, refused=refused)
    return sum(bool(stock[able, sku].any()) for sku in order.skus if sku not in chosen)


@dataclass(frozen=True, slots=True)
class _Nearest:
    """Each SKU from the nearest place that has it."""

    chain: Chain

    def __call__(self, order: Order, refused: frozenset[int], stock: Grid) -> dict[int, int]:
        able = self.chain.able(order=order, refused=refused)
        holders = {sku: [at for at in able if stock[at, sku]] for sku in order.skus}
        return {sku: places[0] for sku, places in holders.items() if places}


@dataclass(frozen=True, slots=True)
class _RuleEngine:
    """The nearest place that has everything, or else each SKU from the nearest."""

    chain: Chain

    def __call__(self, order: Order, refused: frozenset[int], stock: Grid) -> dict[int, int]:
        able = self.chain.able(order=order, refused=refused)
        skus = [sku for sku in order.skus if stock[able, sku].any()]
        for place in able:
            if all(stock[place, sku] for sku in skus):
                return dict.fromkeys(skus, place)
        return _Nearest(self.chain)(order, refused, stock)


@dataclass(frozen=True, slots=True)
class _Router:
    """The router's whole way: columns, short list, decision."""

    chain: Chain
    price_milli: Grid = field(default_factory=lambda: np.zeros((PLACES, SKUS), dtype=np.int64))

    def __call__(self, order: Order, refused: frozenset[int], stock: Grid) -> dict[int, int]:
        listed = shortlist(
            sourcing=SourcingInput(
                lines=tuple(
                    DemandLine(line_id=sku, sku_id=sku, quantity=1, weight_grams=GRAMS)
                    for sku in order.skus
                ),
                candidates=(),
                mode="courier" if order.is_courier else "ship",
                tariff=TARIFF,
                excluded_location_ids=tuple(sorted(refused)),
            ),
            places=self.chain.places_for(city=order.city, is_courier=order.is_courier),
            shelf_by_sku={sku: self._shelf(stock, sku) for sku in order.skus},
            latitude=float(self.chain.latitudes[order.city]),
            longitude=float(self.chain.longitudes[order.city]),
            metres_per_minute=800,
        )
        return {
            portion.sku_id: parcel.location_id
            for parcel in decide(sourcing=listed).parcels
            for portion in parcel.portions
        }

    def _shelf(self, stock: Grid, sku: int) -> ShelfColumn:
        rows = np.flatnonzero(stock[:, sku])
        plain = ShelfColumn.plain(rows=rows, atp=stock[rows, sku])
        return replace(plain, price_milli=self.price_milli[rows, sku])
