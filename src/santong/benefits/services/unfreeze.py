"""A frozen coupon can be used again."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.step import Step, take_step
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def unfreeze(*, merchant_id: int, coupon_id: int, reason: str, key: str, now: datetime) -> Coupon:
    """Let a frozen coupon be used again, if its time is not over.

    Raises CouponStatePassed, KeyTaken, FieldInvalid, NoSuch, Busy. Locks the coupon.
    """
    check_reason(merchant_id=merchant_id, coupon_id=coupon_id, reason=reason)
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="unfrozen",
            start=("issued", "held"),
            to=None,
            key=key,
            is_frozen=False,
            frozen_too=True,
            reason=reason,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    return stepped.coupon
