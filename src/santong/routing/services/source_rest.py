"""Find places for what nobody has promised of an order yet."""

from __future__ import annotations

from collections.abc import Mapping
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
def source_rest(
    *,
    merchant_id: int,
    order: orders.Order,
    quantity_by_line: Mapping[int, int],
    cause: str,
    now: datetime,
) -> Decision:
    """Decide where these quantities come from and bind them there firmly: as many as there are.

    The caller has locked the order and counted what is wanting.

    Raises NothingCanServe if nobody has any of it, TooContended. Emits OrderRouted. Locks stock
    levels.
    """

    def hold(choice: Choice) -> bool:
        if not choice.parcels:
            raise NothingCanServe(order_id=order.id, missing_by_line=dict(quantity_by_line))
        try:
            with transaction.atomic():  # lets this transaction go on after a refusal
                inventory.reserve_more(
                    merchant_id=merchant_id,
                    holder=orders.holder_of(order_id=order.id),
                    lines=reserve_lines(choice=choice),
                    now=now,
                )
        except inventory.InsufficientStock:
            return False
        return True

    sourced = source(
        merchant_id=merchant_id,
        order=order,
        lines=demand_of(merchant_id=merchant_id, order=order, quantity_by_line=quantity_by_line),
        excluded_location_ids=(),
        hold=hold,
        now=now,
    )
    earlier = SourcingDecision.objects.of_merchant(merchant_id).filter(order_id=order.id).count()
    return record_decision(
        merchant_id=merchant_id,
        order_id=order.id,
        attempt=earlier + 1,
        cause=cause,
        sourced=sourced,
        now=now,
    )
