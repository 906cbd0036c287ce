"""One order with all that is known of it, in a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass

from santong.fulfilment import public as fulfilment
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An order, where its goods come from and why, who works on it, and what happened."""

    order: orders.Order
    payments: list[orders.Payment]
    work: list[fulfilment.FulfilmentOrder]
    cases: list[fulfilment.ExceptionCase]
    timeline: list[fulfilment.TimelineEntry]
    decisions: list[routing.Decision]
    place_by_id: dict[int, stores.Location]

    @property
    def line_by_id(self) -> dict[int, orders.OrderLine]:
        return {line.id: line for line in self.order.lines}


def story_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None, shows_routes: bool
) -> Story:
    """Everything about one order that somebody at some places may see. Raises NoSuch."""
    order = orders.order_by_id(
        merchant_id=merchant_id, order_id=order_id, location_ids=location_ids
    )
    work = fulfilment.work_of(merchant_id=merchant_id, order_id=order_id)
    timeline = fulfilment.timeline_of(
        merchant_id=merchant_id, order_id=order_id, location_ids=location_ids
    )
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
        payments=orders.payments_of(merchant_id=merchant_id, order_id=order_id),
        work=work,
        cases=cases,
        timeline=timeline,
        decisions=decisions,
        place_by_id=stores.locations_by_id(merchant_id=merchant_id, location_ids=named),
    )
