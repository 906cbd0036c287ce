"""A coupon rests while somebody looks into it."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.step import Step, take_step
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def freeze(*, merchant_id: int, coupon_id: int, reason: str, key: str, now: datetime) -> Coupon:
    """Let nobody use a coupon until it is unfrozen; its time goes on.

    Raises CouponStatePassed, CouponFrozen, KeyTaken, FieldInvalid, NoSuch, Busy. Locks the coupon.
    """
    check_reason(merchant_id=merchant_id, coupon_id=coupon_id, reason=reason)
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="frozen",
            start=("issued", "held"),
            to=None,
            key=key,
            is_frozen=True,
            reason=reason,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    return stepped.coupon
