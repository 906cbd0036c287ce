"""An order wants to use a coupon."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.events import CouponHeld
from santong.benefits.services.redeem import check_use
from santong.benefits.services.step import Step, take_step
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def hold_for_order(
    *,
    merchant_id: int,
    coupon_id: int,
    holder: str,
    amount_minor: int,
    held_until: datetime,
    key: str,
    now: datetime,
) -> Coupon:
    """Keep a coupon for an order (`order:17`) until it is used, given back, or its time is over.

    What it is worth there comes off the batch's budget now.

    Raises CouponStatePassed, CouponFrozen, NotValidNow, LimitReached, KeyTaken, FieldInvalid,
    NoSuch, Busy. Emits CouponHeld. Locks the coupon, then its batch where a budget is spent.
    """
    check_use(holder=holder, amount_minor=amount_minor)
    if not holder:
        raise FieldInvalid(pointer="/holder", reason="is missing")
    if held_until <= now:
        raise FieldInvalid(pointer="/held_until", reason="is over")
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="held",
            start=("issued",),
            to="held",
            key=key,
            valid_at=now,
            holder=holder,
            held_until=held_until,
            amount_minor=amount_minor,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    if stepped.is_new:
        told = CouponHeld(coupon_id=coupon_id, holder=holder, amount_minor=amount_minor)
        outbox.publish(told, now=now)
    return stepped.coupon
