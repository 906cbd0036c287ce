"""An order whose buyer has paid a part may wait longer for the rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.errors import StatePassed
from santong.orders.models import Order
from santong.orders.rules.holders import holder_of
from santong.orders.services.lock_order import lock_order


@all_or_nothing
def extend_hold(
    *,
    merchant_id: int,
    order_id: int,
    hold_until: datetime,
    give_up_at: datetime,
    reason: str,
    now: datetime,
    forfeit_minor: int = 0,
) -> contracts.Order:
    """Let an unpaid order hold its stock until a moment, and be given up at another, not before.

    If it is given up unpaid, `forfeit_minor` of what was paid for it is kept. Stock whose hold has
    run out meanwhile is taken again; where it is gone, the order waits all the same, and is
    `paid_without_stock` one day.

    Raises NoSuch, FieldInvalid, StatePassed. Locks the order, then stock levels.
    """
    if not now < hold_until <= give_up_at:
        raise FieldInvalid(pointer="/hold_until", reason="after now, and not after give_up_at")
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.state != "placed":
        raise StatePassed(order_id=str(order_id), state=row.state, wanted="placed")
    if not 0 <= forfeit_minor <= row.total_minor:
        raise FieldInvalid(pointer="/forfeit_minor", reason=f"0 to {row.total_minor}")
    before = {"hold_until": _text(row.hold_until), "give_up_at": _text(row.give_up_at)}
    row.hold_until, row.give_up_at = hold_until, give_up_at
    row.forfeit_minor = forfeit_minor
    row.save(update_fields=["hold_until", "give_up_at", "forfeit_minor"])
    is_held = _hold(row, hold_until, now)
    audit.record(
        audit.Change(
            action="orders.extend_hold",
            subject="order",
            subject_id=row.id,
            reason=reason,
            before={"state": row.state, **before},
            after={
                "state": row.state,
                "hold_until": _text(hold_until),
                "give_up_at": _text(give_up_at),
                "forfeit_minor": forfeit_minor,
                "is_stock_held": is_held,
            },
        ),
        now=now,
    )
    return row.as_contract(lines=lines)


def _hold(row: Order, until: datetime, now: datetime) -> bool:
    """Whether what the order had reserved is held still, or again."""
    try:
        with transaction.atomic():  # the order waits, whatever the stock
            held = inventory.extend(
                merchant_id=row.merchant_id,
                holder=holder_of(order_id=row.id),
                expires_at=until,
                now=now,
            )
    except inventory.InsufficientStock:
        return False
    return bool(held)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
