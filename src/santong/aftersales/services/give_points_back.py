"""Points follow goods: what a purchase had brought goes back, and what had paid for it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Sum

from santong.aftersales.models import Case, RefundStep
from santong.aftersales.rules.amounts import points_to_give_back
from santong.aftersales.selectors.units import paid_for
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.orders import public as orders

log = structlog.get_logger(__name__)

# Under which checkouts hold points.
CHECKOUT = "checkout"


def take_points_back(
    case: Case, *, order_id: int, quantity_by_line: Mapping[int, int], key: str, now: datetime
) -> int:
    """Take back what units had brought; gives what is kept of the refund for points that are gone.

    Locks the member, then accounts.
    """
    wanted = {line_id: units for line_id, units in quantity_by_line.items() if units}
    if not wanted:
        return 0
    try:
        with transaction.atomic():
            clawed = membership.claw_back_order(
                merchant_id=case.merchant_id,
                order_id=order_id,
                return_key=key,
                quantity_by_line=wanted,
                now=now,
            )
    except NoSuch:
        return 0
    except membership.MoreThanBought as refused:
        log.warning("points_were_taken_back_before", case=case.number, line=refused.line)
        return 0
    return clawed.money_minor


def give_spent_points_back(case: Case, *, order: orders.Order, key: str, now: datetime) -> int:
    """Give back the points that paid for what has gone back of an order so far.

    In proportion to the money, as for what was cancelled; all of them with the last of it. Locks
    the member, then accounts.
    """
    if order.points_key is None:
        return 0
    burned = membership.burn_by_key(
        merchant_id=case.merchant_id, source=CHECKOUT, key=order.points_key
    )
    total = sum(line.line_total_minor for line in order.lines)
    cancelled = total - sum(paid_for(line) for line in order.lines)
    points = points_to_give_back(
        points=burned.points,
        gone_minor=cancelled + _gone(case.merchant_id, order),
        total_minor=total,
        given_back=burned.given_back,
    )
    if points:
        membership.give_back_points(
            merchant_id=case.merchant_id,
            source=CHECKOUT,
            key=order.points_key,
            return_key=key,
            points=points,
            reason=f"case {case.number}",
            now=now,
        )
    return points


def _gone(merchant_id: int, order: orders.Order) -> int:
    """What cases have paid back of an order's goods."""
    steps = RefundStep.objects.of_merchant(merchant_id).filter(
        document=orders.document_of(order_id=order.id), what__in=["goods", "difference", "goodwill"]
    )
    return steps.aggregate(total=Sum("amount_minor"))["total"] or 0
