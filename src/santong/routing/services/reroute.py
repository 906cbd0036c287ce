"""Give lines of an order that a place will not send to other places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.routing.contracts import Choice, Decision
from santong.routing.errors import NothingCanServe
from santong.routing.models import SourcingDecision
from santong.routing.services.promise_order import record_decision
from santong.routing.services.source import demand_of, reserve_lines, source


@all_or_nothing
def reroute(
    *,
    merchant_id: int,
    order_id: int,
    from_location_id: int,
    quantity_by_line: Mapping[int, int],
    excluded_location_ids: Collection[int],
    cause: str,
    now: datetime,
) -> Decision:
    """Decide anew for these quantities, and move what is bound for them to the new places.

    The place they come from is never chosen again. All of it finds places, or none is moved.

    Raises NothingCanServe, TooContended. Emits OrderRouted. Locks stock levels.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)

    def hold(choice: Choice) -> bool:
        if choice.unfilled:
            raise NothingCanServe(
                order_id=order_id,
                missing_by_line={line.line_id: line.quantity for line in choice.unfilled},
            )
        try:
            with transaction.atomic():  # lets this transaction go on after a refusal
                inventory.move(
                    merchant_id=merchant_id,
                    holder=orders.holder_of(order_id=order_id),
                    from_location_id=from_location_id,
                    lines=reserve_lines(choice=choice),
                    reason=cause,
                    now=now,
                )
        except inventory.InsufficientStock:
            return False
        return True

    sourced = source(
        merchant_id=merchant_id,
        order=order,
        lines=demand_of(merchant_id=merchant_id, order=order, quantity_by_line=quantity_by_line),
        excluded_location_ids={*excluded_location_ids, from_location_id},
        hold=hold,
        now=now,
    )
    earlier = SourcingDecision.objects.of_merchant(merchant_id).filter(order_id=order_id).count()
    return record_decision(
        merchant_id=merchant_id,
        order_id=order_id,
        attempt=earlier + 1,
        cause=cause,
        sourced=sourced,
        now=now,
        released_location_ids=(from_location_id,),
    )
