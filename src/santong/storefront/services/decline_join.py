"""Whoever became a member by paying does not want to be one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from santong.customers import public as customers
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership
from santong.orders import public as orders
from santong.storefront.errors import CannotDecline
from santong.storefront.models import PaidJoin
from santong.storefront.services.join_by_payment import MEMBERSHIP

WITHIN = timedelta(days=7)
# As membership names the purchases of orders.
SOURCE = "orders"


@all_or_nothing
def decline_join(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Undo what paying for an order made: the order is nobody's, the member leaves.

    Whoever declines is not asked again when they pay next. Declined twice is declined once.

    Raises NoSuch, CannotDecline (a member before, or too late). Emits MemberClosed,
    ConsentChanged. Locks the join, then the graph, the order and the member.
    """
    rows = PaidJoin.objects.of_merchant(merchant_id).filter(order_id=order_id)
    row = rows.lock().first()
    if row is None:
        raise NoSuch(kind="paid_join", key=str(order_id))
    if row.state == "declined":
        return
    if not row.is_new or now - row.joined_at > WITHIN:
        raise CannotDecline(order_id=str(order_id))
    row.state, row.declined_at = "declined", now
    row.save(update_fields=["state", "declined_at"])
    member = membership.member_by_id(merchant_id=merchant_id, member_id=row.member_id)
    customers.withdraw_consent(
        merchant_id=merchant_id,
        person_id=member.person_id,
        topic=MEMBERSHIP,
        place="till",
        given_at=now,
        now=now,
    )
    order = orders.unlink_member(
        merchant_id=merchant_id, order_id=order_id, member_id=row.member_id, now=now
    )
    _take_points_back(merchant_id, order, now)
    membership.close_member(
        merchant_id=merchant_id, member_id=row.member_id, reason="declined", now=now
    )


def _take_points_back(merchant_id: int, order: orders.Order, now: datetime) -> None:
    kept = {
        line.id: line.quantity - line.cancelled_quantity
        for line in order.lines
        if line.quantity > line.cancelled_quantity
    }
    if not kept:
        return
    try:
        with transaction.atomic():
            membership.claw_back(
                merchant_id=merchant_id,
                source=SOURCE,
                key=str(order.id),
                return_key="declined",
                quantity_by_line=kept,
                now=now,
            )
    except NoSuch:
        return
