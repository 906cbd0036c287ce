"""How far an order has come, as fulfilment tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import BeyondOrdered, StatePassed
from santong.orders.events import OrderDelivered, OrderShipped
from santong.orders.models import Order
from santong.orders.rules.progress import advanced, lines_beyond_ordered, state_of
from santong.orders.rules.states import SHIPPABLE
from santong.orders.services.lock_order import Lines, lock_order

_COUNT = """
UPDATE orders_orderline l SET shipped_quantity = m.shipped, delivered_quantity = m.delivered
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS m(id, shipped, delivered)
WHERE l.id = m.id AND l.merchant_id = %s
"""


@all_or_nothing
def record_progress(
    *,
    merchant_id: int,
    order_id: int,
    line_quantities: Mapping[int, int],
    kind: contracts.ProgressKind,
    now: datetime,
) -> contracts.Order:
    """Count units as shipped, as delivered, or as collected (both at once), by order line.

    The caller makes sure that it tells each hand-over once. It calls this before it consumes
    stock: the order is locked first.

    Raises NoSuch, FieldInvalid, StatePassed, BeyondOrdered. Emits OrderShipped, OrderDelivered.
    Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    _check(row, lines, line_quantities, kind)
    after = advanced(lines, quantity_by_line=line_quantities, kind=kind)
    if beyond := lines_beyond_ordered(after):
        raise BeyondOrdered(order_id=str(order_id), line_ids=tuple(str(i) for i in beyond))
    before = row.state
    row.state = state_of(after, before=row.state)  # type: ignore[arg-type]
    _write(row, lines, after, now)
    audit.record(
        audit.Change(
            action=f"orders.record_{kind}",
            subject="order",
            subject_id=row.id,
            reason=f"fulfilment reports {kind}",
            before={"state": before},
            after={"state": row.state, "quantity_by_line": dict(line_quantities)},
        ),
        now=now,
    )
    outbox.publish(*_facts(row, dict(line_quantities), kind), now=now)
    return row.as_contract(lines=after)


def _check(
    row: Order, lines: Lines, line_quantities: Mapping[int, int], kind: contracts.ProgressKind
) -> None:
    unknown = line_quantities.keys() - {line.id for line in lines}
    if unknown:
        raise NoSuch(kind="order line", key=str(min(unknown)))
    if not line_quantities or min(line_quantities.values()) < 1:
        raise FieldInvalid(pointer="/line_quantities", reason="not_positive")
    if kind != "delivered" and row.state not in SHIPPABLE:
        raise StatePassed(order_id=str(row.id), state=row.state, wanted=kind)


def _write(row: Order, before: Lines, after: Lines, now: datetime) -> None:
    if row.state in {"shipped", "delivered"}:
        row.shipped_at = row.shipped_at or now
    if row.state == "delivered":
        row.delivered_at = now
    row.save(update_fields=["state", "shipped_at", "delivered_at"])
    moved = [line for line, was in zip(after, before, strict=True) if line != was]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [
                [line.id for line in moved],
                [line.shipped_quantity for line in moved],
                [line.delivered_quantity for line in moved],
                row.merchant_id,
            ],
        )


def _facts(
    row: Order, quantity_by_line: dict[int, int], kind: contracts.ProgressKind
) -> list[object]:
    facts: list[object] = []
    if kind != "delivered":
        facts.append(
            OrderShipped(
                order_id=row.id,
                quantity_by_line=quantity_by_line,
                is_whole=row.state in {"shipped", "delivered"},
            )
        )
    if kind != "shipped":
        facts.append(
            OrderDelivered(
                order_id=row.id,
                quantity_by_line=quantity_by_line,
                is_whole=row.state == "delivered",
            )
        )
    return facts
