"""Place an order and promise its lines from the best places, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.orders import public as orders
from santong.routing.contracts import Choice, Decision, Promise
from santong.routing.errors import OutOfStock
from santong.routing.events import OrderRouted
from santong.routing.selectors.decisions import decisions_of
from santong.routing.selectors.policies import policy_of
from santong.routing.services.source import Sourced, demand_of, reserve_lines, source
from santong.stores import public as stores

_KEEP = Statement("""
INSERT INTO routing_sourcingdecision (merchant_id, order_id, attempt, cause, sourcing, choice,
    rules_version, took_microseconds, decided_at)
VALUES (%(merchant)s, %(order)s, %(attempt)s, %(cause)s, %(sourcing)s, %(choice)s, %(version)s,
    %(took)s, %(now)s) RETURNING id
""")

IfShort = Literal["refuse", "accept"]


@all_or_nothing
def promise_order(
    *,
    merchant_id: int,
    order: orders.NewOrder,
    now: datetime,
    if_short: IfShort = "refuse",
    only_location_id: int | None = None,
) -> tuple[orders.Order, Promise]:
    """Record an order, decide where each line comes from, and bind the stock there.

    With `only_location_id` no other place is asked: whoever sold it has said whence it comes.
    The same order again gives the first promise. A paid order's stock is bound firmly, an unpaid
    one's until its hold ends. Where stock is short, "refuse" places nothing; "accept" places
    the order all the same (a marketplace has sold it already) and leaves lines unfilled; a paid
    order is then `paid_without_stock`.

    Raises OutOfStock, TooContended, and what `orders.place_order` raises. Emits OrderRouted,
    PaidWithoutStock.
    Locks stock levels.
    """
    placed, is_new = orders.place_order(merchant_id=merchant_id, order=order, now=now)
    if not is_new:
        first = decisions_of(merchant_id=merchant_id, order_id=placed.id)[:1]
        return placed, Promise(
            order_id=placed.id, is_new=False, decision=first[0] if first else None
        )

    def hold(choice: Choice) -> bool:
        if choice.unfilled and if_short == "refuse":
            raise OutOfStock(missing_by_sku=_missing_by_sku(placed, choice))
        if not choice.parcels:
            return True
        try:
            inventory.reserve(
                merchant_id=merchant_id,
                holder=orders.holder_of(order_id=placed.id),
                lines=reserve_lines(choice=choice),
                expires_at=None if placed.is_paid else placed.hold_until,
                now=now,
            )
        except inventory.InsufficientStock:
            # A new holder that is refused has written nothing: two trips for a savepoint are saved.
            transaction.set_rollback(False)
            return False
        return True

    quantity_by_line = {line.id: line.quantity for line in placed.lines}
    sourced = source(
        merchant_id=merchant_id,
        order=placed,
        lines=demand_of(merchant_id=merchant_id, order=placed, quantity_by_line=quantity_by_line),
        excluded_location_ids=_others(merchant_id, only_location_id),
        hold=hold,
        now=now,
    )
    decision = record_decision(
        merchant_id=merchant_id,
        order_id=placed.id,
        attempt=1,
        cause="placed",
        sourced=sourced,
        now=now,
    )
    if placed.state == "paid" and sourced.choice.unfilled:
        placed = orders.suspend_without_stock(
            merchant_id=merchant_id,
            order_id=placed.id,
            short_by_line={line.line_id: line.quantity for line in sourced.choice.unfilled},
            reason="placed paid where stock is short",
            now=now,
        )
    return placed, Promise(order_id=placed.id, is_new=True, decision=decision)


def record_decision(
    *,
    merchant_id: int,
    order_id: int,
    attempt: int,
    cause: str,
    sourced: Sourced,
    now: datetime,
    released_location_ids: tuple[int, ...] = (),
) -> Decision:
    """Keep a decision with all it depended on, and tell that the order has been routed."""
    choice = sourced.choice
    ((decision_id,),) = _KEEP.rows(
        {
            "merchant": str(merchant_id),
            "order": str(order_id),
            "attempt": str(attempt),
            "cause": cause,
            "sourcing": json.dumps(sourced.sourcing.as_json()),
            "choice": json.dumps(choice.as_json()),
            "version": str(choice.rules_version),
            "took": str(sourced.took_microseconds),
            "now": now.isoformat(),
        }
    )
    outbox.publish(
        OrderRouted(
            order_id=order_id,
            decision_id=decision_id,
            attempt=attempt,
            cause=cause,
            location_ids=tuple(parcel.location_id for parcel in choice.parcels),
            released_location_ids=released_location_ids,
            unfilled_line_ids=tuple(line.line_id for line in choice.unfilled),
            cost_milli=choice.cost_milli,
            day=policy_of(merchant_id=merchant_id).day_of(now),
        ),
        now=now,
    )
    return Decision(
        id=decision_id,
        order_id=order_id,
        attempt=attempt,
        cause=cause,
        sourcing=sourced.sourcing,
        choice=choice,
        took_microseconds=sourced.took_microseconds,
        decided_at=now,
    )


def _others(merchant_id: int, only_location_id: int | None) -> Collection[int]:
    if only_location_id is None:
        return ()
    known = stores.location_map(merchant_id=merchant_id).id_by_code.values()
    return {location_id for location_id in known if location_id != only_location_id}


def _missing_by_sku(order: orders.Order, choice: Choice) -> dict[str, int]:
    """What is missing, by the names that the channel knows."""
    code_by_line = {line.id: line.sku_code for line in order.lines}
    missing: dict[str, int] = {}
    for line in choice.unfilled:
        code = code_by_line[line.line_id]
        missing[code] = missing.get(code, 0) + line.quantity
    return missing
