"""The one way from demand to places: ask, decide, reserve, and ask again if others were faster."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.orders import public as orders
from santong.routing.contracts import Choice, DemandLine, SourcingInput
from santong.routing.errors import TooContended
from santong.routing.rules.decide import decide
from santong.routing.rules.defaults import METRES_PER_MINUTE
from santong.routing.rules.shortlist.keep import shortlist
from santong.routing.selectors.fields import near_ids, places_of, shelves_of
from santong.routing.selectors.points import NOWHERE, point_of
from santong.routing.selectors.policies import policy_of
from santong.stores import public as stores

TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A decision whose stock is held."""

    sourcing: SourcingInput
    choice: Choice
    took_microseconds: int


def source(
    *,
    merchant_id: int,
    order: orders.Order,
    lines: Sequence[DemandLine],
    excluded_location_ids: Collection[int],
    hold: Callable[[Choice], bool],
    now: datetime,
) -> Sourced:
    """Decide where lines come from and let `hold` bind the stock there.

    Stock is read without locks and bound by guarded statements: where somebody else was faster,
    `hold` says false and the choice is made again from what is left, three times in all.

    Raises TooContended, and what `hold` raises.
    """
    for _ in range(TRIES):
        started = time.perf_counter_ns()
        sourcing = ask(
            merchant_id=merchant_id,
            order=order,
            lines=lines,
            excluded_location_ids=excluded_location_ids,
            now=now,
        )
        choice = decide(sourcing=sourcing)
        took_microseconds = (time.perf_counter_ns() - started) // 1_000
        if hold(choice):
            return Sourced(sourcing=sourcing, choice=choice, took_microseconds=took_microseconds)
    raise TooContended(tries=TRIES)


def ask(
    *,
    merchant_id: int,
    order: orders.Order,
    lines: Sequence[DemandLine],
    excluded_location_ids: Collection[int],
    now: datetime,
) -> SourcingInput:
    """Everything that the decision will depend on, from what is known at this moment."""
    policy = policy_of(merchant_id=merchant_id)
    dealer_id = _seller_dealer_id(merchant_id, order)
    places, known = places_of(
        merchant_id=merchant_id, mode=order.mode, seller_dealer_id=dealer_id, now=now
    )
    latitude, longitude = point_of(order) or NOWHERE
    quantity_by_sku: dict[int, int] = {}
    for line in lines:
        quantity_by_sku[line.sku_id] = quantity_by_sku.get(line.sku_id, 0) + line.quantity
    question = SourcingInput(
        lines=tuple(lines),
        candidates=(),
        mode=order.mode,
        tariff=policy.tariff,
        limit=policy.limit,
        pickup_location_id=order.pickup_location_id,
        excluded_location_ids=tuple(sorted(excluded_location_ids)),
    )
    near = near_ids(known=known, latitude=latitude, longitude=longitude)

    def asked_of(location_ids: list[int] | None) -> SourcingInput:
        shelves = shelves_of(
            merchant_id=merchant_id,
            quantity_by_sku=quantity_by_sku,
            places=places,
            location_ids=_pickup_only(order) or location_ids,
        )
        return shortlist(
            sourcing=question,
            places=places,
            shelf_by_sku=shelves,
            latitude=latitude,
            longitude=longitude,
            metres_per_minute=METRES_PER_MINUTE,
        )

    if near is not None:
        asked = asked_of(near)
        if _may_fill(asked, quantity_by_sku):
            return asked
    return asked_of(None)


def demand_of(
    *, merchant_id: int, order: orders.Order, quantity_by_line: Mapping[int, int]
) -> list[DemandLine]:
    """These quantities of an order's lines as demand, in the order of their numbers."""
    skus = catalog.skus_by_id(
        merchant_id=merchant_id, sku_ids=[line.sku_id for line in order.lines]
    )
    return [
        DemandLine(
            line_id=line.id,
            sku_id=line.sku_id,
            quantity=quantity_by_line[line.id],
            weight_grams=skus[line.sku_id].weight_grams,
            value_minor=line.unit_price_minor,
        )
        for line in order.lines
        if quantity_by_line.get(line.id)
    ]


def reserve_lines(*, choice: Choice) -> list[inventory.ReserveLine]:
    """What the choice asks of the stock."""
    return [
        inventory.ReserveLine(
            location_id=parcel.location_id,
            sku_id=portion.sku_id,
            quantity=portion.quantity,
            line_id=portion.line_id,
        )
        for parcel in choice.parcels
        for portion in parcel.portions
    ]


def _may_fill(asked: SourcingInput, quantity_by_sku: dict[int, int]) -> bool:
    """Whether the places that were asked can fill everything, or refused places hold the rest."""
    held = dict.fromkeys(quantity_by_sku, 0)
    for candidate in asked.candidates:
        if candidate.is_open and candidate.is_capable and candidate.has_consent:
            for shelf in candidate.shelves:
                held[shelf.sku_id] += shelf.atp
    return all(held[sku_id] >= wanted for sku_id, wanted in quantity_by_sku.items())


def _pickup_only(order: orders.Order) -> list[int] | None:
    return [order.pickup_location_id] if order.pickup_location_id else None


def _seller_dealer_id(merchant_id: int, order: orders.Order) -> int:
    """Whose order it is: the selling store's dealer, or the merchant itself (0)."""
    if order.seller_location_id is None:
        return 0
    known = stores.location_map(merchant_id=merchant_id)
    (position,) = known.positions_of(location_ids=[order.seller_location_id]).tolist()
    return int(known.dealer_ids[position]) if position >= 0 else 0
