"""One order with all that somebody may know of it, in a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from santong.fulfilment import public as fulfilment
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores

Places = frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An order, where its goods come from and why, who works on it, and what happened.

    Whoever only sends part of it knows their own work: no money, no other places, no route.
    """

    order: orders.Order
    is_whole: bool
    payments: list[orders.Payment]
    work: list[fulfilment.FulfilmentOrder]
    cases: list[fulfilment.ExceptionCase]
    timeline: list[fulfilment.TimelineEntry]
    decisions: list[routing.Decision]
    place_by_id: dict[int, stores.Location]
    short_by_line: dict[int, int] = field(default_factory=dict)

    @property
    def line_by_id(self) -> dict[int, orders.OrderLine]:
        return {line.id: line for line in self.order.lines}


def story_of(
    *, merchant_id: int, order_id: int, sight: fulfilment.Sight, shows_routes: bool
) -> Story:
    """Everything about one order that somebody at some places may see. Raises NoSuch."""
    seen = fulfilment.order_seen(merchant_id=merchant_id, order_id=order_id, sight=sight)
    if not seen.is_whole:
        return _story_of_work(merchant_id, seen)
    order = seen.order
    work = fulfilment.work_of(merchant_id=merchant_id, order_id=order_id)
    timeline = [
        entry if _is_own(entry.location_id, sight.worked_at) else _without_persons(entry)
        for entry in fulfilment.timeline_of(
            merchant_id=merchant_id, order_id=order_id, location_ids=sight.sold_at
        )
    ]
    decisions = (
        routing.decisions_of(merchant_id=merchant_id, order_id=order_id) if shows_routes else []
    )
    cases = fulfilment.cases_of(merchant_id=merchant_id, order_id=order_id)
    named = {
        *(each.location_id for each in work),
        *(entry.location_id for entry in timeline if entry.location_id),
        *(case.location_id for case in cases if case.location_id),
        *(
            candidate.location_id
            for decision in decisions
            for candidate in decision.sourcing.candidates
        ),
        *(id_ for id_ in (order.pickup_location_id, order.seller_location_id) if id_),
    }
    return Story(
        order=order,
        is_whole=True,
        payments=orders.payments_of(merchant_id=merchant_id, order_id=order_id),
        work=work,
        cases=cases,
        timeline=timeline,
        decisions=decisions,
        place_by_id=stores.locations_by_id(merchant_id=merchant_id, location_ids=named),
        short_by_line=orders.unfilled_of(merchant_id=merchant_id, order=order),
    )


def _is_own(location_id: int | None, places: Places) -> bool:
    return location_id is None or places is None or location_id in places


def _without_persons(entry: fulfilment.TimelineEntry) -> fulfilment.TimelineEntry:
    """Who did it at another place, and why, is that place's own affair."""
    return replace(entry, actor="place:", details={})


def _story_of_work(merchant_id: int, seen: fulfilment.Seen) -> Story:
    """What the people of some places need of an order that is sold elsewhere."""
    order, work = seen.order, list(seen.work)
    ids = {each.id for each in work}
    cases = fulfilment.cases_of(merchant_id=merchant_id, order_id=order.id)
    return Story(
        order=order,
        is_whole=False,
        payments=[],
        work=work,
        cases=[case for case in cases if case.fulfilment_order_id in ids],
        timeline=fulfilment.timeline_of_work(merchant_id=merchant_id, work=work),
        decisions=[],
        place_by_id=stores.locations_by_id(
            merchant_id=merchant_id, location_ids={each.location_id for each in work}
        ),
    )
