"""A coupon is taken back for good."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.events import CouponVoided
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.step import Step, take_step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def void(*, merchant_id: int, coupon_id: int, reason: str, key: str, now: datetime) -> Coupon:
    """End a coupon, whoever has it and even if it was used; its limit is not given out again.

    Raises CouponStatePassed, KeyTaken, FieldInvalid, NoSuch, Busy. Emits CouponVoided. Locks the
    coupon, then its batch where a budget was spent.
    """
    check_reason(merchant_id=merchant_id, coupon_id=coupon_id, reason=reason)
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="void",
            start=("created", "issued", "held", "redeemed"),
            to="void",
            key=key,
            frozen_too=True,
            reason=reason,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    if stepped.is_new:
        outbox.publish(CouponVoided(coupon_id=coupon_id, reason=reason), now=now)
    return stepped.coupon
