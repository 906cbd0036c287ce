"""An order of nobody turns out to be a member's, or of nobody after all."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import contracts
from santong.orders.models import Order
from santong.orders.services.lock_order import lock_order
from santong.orders.services.tell_purchase import bought_by_member


@all_or_nothing
def link_member(
    *, merchant_id: int, order_id: int, member_id: int, now: datetime
) -> contracts.Order:
    """Say whose an order is, where nobody has said so; one that is a member's stays theirs.

    What is paid already counts for the member from now on, what is not yet when it is: once.

    Raises NoSuch. Emits MemberBought. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.member_id is not None or row.state == "cancelled":
        return row.as_contract(lines=lines)
    row.member_id = member_id
    _record(row, reason="paid by a member", before=None, now=now)
    linked = row.as_contract(lines=lines)
    outbox.publish(*bought_by_member(linked), now=now)
    return linked


@all_or_nothing
def unlink_member(
    *, merchant_id: int, order_id: int, member_id: int, now: datetime
) -> contracts.Order:
    """Say that an order is not this member's after all; anybody else's stays theirs.

    What it had brought them, whoever says so takes back.

    Raises NoSuch. Locks the order.
    """
    row, lines = lock_order(merchant_id=merchant_id, order_id=order_id)
    if row.member_id == member_id:
        row.member_id = None
        _record(row, reason="membership declined", before=member_id, now=now)
    return row.as_contract(lines=lines)


def _record(row: Order, *, reason: str, before: int | None, now: datetime) -> None:
    row.save(update_fields=["member"])
    audit.record(
        audit.Change(
            action="orders.link_member",
            subject="order",
            subject_id=row.id,
            reason=reason,
            before={"member_id": before},
            after={"member_id": row.member_id},
        ),
        now=now,
    )
