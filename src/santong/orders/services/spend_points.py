"""A member's points on an order: spent when it comes in, given back for what is cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.orders.contracts import OrderLine
from santong.orders.errors import InvalidOrder, Problem
from santong.orders.models import Order
from santong.orders.rules.progress import points_of_cancelled

# Under which checkouts hold points.
SOURCE = "checkout"


def spend_points(*, merchant_id: int, row: Order, now: datetime) -> None:
    """Spend what the checkout held for an order that has just come in.

    Raises InvalidOrder where nothing is held under the key any more, for another member, or worth
    another amount. Emits PointsBurned. Locks the member, then accounts.
    """
    assert row.points_key is not None
    try:
        burned = membership.capture_points(
            merchant_id=merchant_id, source=SOURCE, key=row.points_key, now=now
        )
    except membership.BurnEnded:
        raise _refused("/points_key", "ended") from None
    except NoSuch:
        raise _refused("/points_key", "unknown") from None
    if not burned.is_new:
        raise _refused("/points_key", "used")
    current = membership.current_member_ids(merchant_id=merchant_id, member_ids=[burned.member_id])
    if row.member_id != current[burned.member_id]:
        raise _refused("/member_reference", "not_who_holds_the_points")
    if (burned.amount_minor, burned.currency) != (row.points_minor, row.currency):
        raise _refused("/points_minor", "not_what_they_are_worth")


def give_back_points(
    *, row: Order, before: Sequence[OrderLine], after: Sequence[OrderLine], now: datetime
) -> None:
    """Give back the points that paid for what has just been cancelled.

    Locks the member, then accounts.
    """
    if row.points_key is None:
        return
    burned = membership.burn_by_key(merchant_id=row.merchant_id, source=SOURCE, key=row.points_key)
    points = points_of_cancelled(before, after, points=burned.points)
    if not points:
        return
    membership.give_back_points(
        merchant_id=row.merchant_id,
        source=SOURCE,
        key=row.points_key,
        return_key=f"order:{row.id}",
        points=points,
        reason="order cancelled",
        now=now,
    )


def _refused(pointer: str, reason: str) -> InvalidOrder:
    return InvalidOrder(errors=(Problem(pointer=pointer, reason=reason),))
