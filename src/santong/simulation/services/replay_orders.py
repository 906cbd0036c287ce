from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.orders import public as orders
from santong.routing import public as routing
from santong.simulation.contracts import Bars, Worked
from santong.simulation.rules.olist.tables import CURRENCY
from santong.simulation.rules.replay.world import Place, WantedOrder, World, metres_to
from santong.simulation.rules.report.contents import LiveRun
from santong.simulation.services.begin_process import without_waiting_for_disk
from santong.simulation.services.find_crew import find_crew
from santong.simulation.services.find_findings import find_findings
from santong.simulation.services.open_replay_merchant import COUNTRY, STOREFRONT
from santong.simulation.services.tell_facts import tell_facts
from santong.simulation.services.work_orders import PaidOrder, work_orders
from santong.stores import public as stores

LEVELS_AT_ONCE = 5_000
PRICES_HOLD_FOR = timedelta(days=28)
PERCENTS = 100

# Told the number and the id of an order that is placed for good.
Acknowledge = Callable[[str, int], None]


def replay_orders(
    *,
    merchant_id: int,
    world: World,
    bars: Bars,
    acknowledge: Acknowledge,
    processes: int = 1,
) -> LiveRun:
    """Place every order in time order as its marketplace would, then let places work on them.

    Placing is timed, commit included. An order short of stock gets what there is.
    """
    seen = _Seen()
    place_by_id = _place_by_id(merchant_id, world)
    progress = bars("订单 orders", len(world.orders))
    for order in world.orders:
        _price_when_due(merchant_id, order, seen)
        order_id = _placed(merchant_id, order, place_by_id, seen)
        if order_id is not None:
            acknowledge(order.number, order_id)
            seen.paid.append(_paid(order_id, order))
        progress(1)
    with without_waiting_for_disk():
        worked = work_orders(
            merchant_id=merchant_id,
            paid=seen.paid,
            crew=find_crew(merchant_id=merchant_id, seed=world.rule.seed),
            processes=processes,
            progress=bars("门店 stores", len(seen.paid)),
        )
        tell_facts(merchant_id=merchant_id, bars=bars)
    return _run(merchant_id, world, seen, worked)


@dataclass(slots=True)
class _Seen:
    orders: int = 0
    served: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    pieces_promised: int = 0
    parcels: int = 0
    seconds: list[float] = field(default_factory=list[float])
    metres: list[int] = field(default_factory=list[int])
    priced_at: datetime | None = None
    paid: list[PaidOrder] = field(default_factory=list[PaidOrder])


def _place_by_id(merchant_id: int, world: World) -> dict[int, Place]:
    with tenancy.scope(merchant_id=merchant_id):
        locations = stores.locations_by_code(merchant_id=merchant_id, codes=world.places)
    return {location.id: world.places[code] for code, location in locations.items()}


def _price_when_due(merchant_id: int, order: WantedOrder, seen: _Seen) -> None:
    """Scarcity prices are solved as often as they look back, as a schedule would have it."""
    if seen.priced_at is not None and order.placed_at < seen.priced_at + PRICES_HOLD_FOR:
        return
    seen.priced_at = order.placed_at
    with tenancy.scope(merchant_id=merchant_id):
        routing.solve_prices(merchant_id=merchant_id, now=order.placed_at)


def _placed(
    merchant_id: int, order: WantedOrder, place_by_id: Mapping[int, Place], seen: _Seen
) -> int | None:
    begun = time.perf_counter()
    try:
        with tenancy.scope(merchant_id=merchant_id):
            placed, promise = routing.promise_order(
                merchant_id=merchant_id,
                order=_new_order(order),
                now=order.placed_at,
                if_short="accept",
            )
    except DomainError as refusal:
        seen.refused[refusal.code] += 1
        return None
    seen.seconds.append(time.perf_counter() - begun)
    seen.orders += 1
    if promise.decision is not None:
        parcels = promise.decision.choice.parcels
        seen.parcels += len(parcels)
        seen.served += 1 if parcels else 0
        for parcel in parcels:
            metres = metres_to(place=place_by_id[parcel.location_id], point=order.point)
            pieces = sum(portion.quantity for portion in parcel.portions)
            seen.pieces_promised += pieces
            seen.metres += [metres] * pieces
    return placed.id


def _new_order(order: WantedOrder) -> orders.NewOrder:
    freight_minor = sum(line.freight_minor for line in order.lines)
    goods_minor = sum(line.unit_price_minor * line.quantity for line in order.lines)
    return orders.NewOrder(
        storefront_code=STOREFRONT,
        external_number=order.number,
        placed_at=order.placed_at,
        currency=CURRENCY,
        lines=tuple(
            orders.NewLine(
                sku_code=line.good,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
            )
            for line in order.lines
        ),
        # The published files name nobody; the person's key stands for the name.
        recipient=orders.Recipient(
            name=order.buyer,
            country=COUNTRY,
            province=order.address.state,
            city=order.address.city,
            address=order.address.prefix,
            postcode=order.address.prefix,
            latitude=order.point.latitude,
            longitude=order.point.longitude,
        ),
        freight_minor=freight_minor,
        payment=orders.NewPayment(
            external_id=order.number,
            amount_minor=goods_minor + freight_minor,
            currency=CURRENCY,
            paid_at=order.placed_at,
            provider=order.method,
        ),
    )


def _paid(order_id: int, order: WantedOrder) -> PaidOrder:
    return PaidOrder(
        order_id=order_id,
        number=order.number,
        paid_at=order.placed_at,
        arrives_at=order.delivered_at,
        city=order.address.city,
    )


def _run(merchant_id: int, world: World, seen: _Seen, worked: Worked) -> LiveRun:
    milliseconds = sorted(1_000 * seconds for seconds in seen.seconds) or [0.0, 0.0]
    percentiles = quantiles([*milliseconds, milliseconds[-1]], n=PERCENTS)
    return LiveRun(
        orders_placed=seen.orders,
        orders_served=seen.served,
        orders_refused=dict(seen.refused),
        pieces_wanted=sum(order.pieces for order in world.orders),
        pieces_promised=seen.pieces_promised,
        parcels=seen.parcels,
        seconds_of_placing=sum(seen.seconds),
        p50_ms=percentiles[49],
        p95_ms=percentiles[94],
        accepted=worked.accepted,
        declined=dict(worked.declined),
        rerouted=worked.rerouted,
        delivered=worked.delivered,
        oversold_pieces=sum(_oversold(level) for level in _levels(merchant_id)),
        shortfalls=_shortfalls(merchant_id),
        findings=tuple(find_findings(merchant_id=merchant_id)),
        metres=tuple(seen.metres),
    )


def _oversold(level: inventory.Level) -> int:
    """Pieces promised that are not there and that nobody is told of.

    A place that finds less than its books say leaves a recorded shortfall, which is not that.
    """
    return max(0, level.allocated + level.reserved - max(level.on_hand, 0) - level.shortfall)


def _levels(merchant_id: int) -> Iterator[inventory.Level]:
    before_id: int | None = None
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            page = inventory.levels_of(
                merchant_id=merchant_id, before_id=before_id, limit=LEVELS_AT_ONCE
            )
        yield from page
        if len(page) < LEVELS_AT_ONCE:
            return
        before_id = page[-1].id


def _shortfalls(merchant_id: int) -> int:
    with tenancy.scope(merchant_id=merchant_id):
        return len(inventory.open_shortfalls(merchant_id=merchant_id, limit=LEVELS_AT_ONCE))
