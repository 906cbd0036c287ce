"""The order did not come about."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.events import CouponGivenBack
from santong.benefits.rules.validity import after_hold
from santong.benefits.selectors.coupons import row_by_id
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.step import Step, take_step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def give_back(
    *, merchant_id: int, coupon_id: int, holder: str, reason: str = "", key: str, now: datetime
) -> Coupon:
    """Let a coupon go that an order held; it can be used again, with grace where there is any.

    Raises CouponStatePassed, KeyTaken, NoSuch, Busy. Emits CouponGivenBack. Locks the coupon, then
    its batch where a budget was spent.
    """
    if reason:
        check_reason(merchant_id=merchant_id, coupon_id=coupon_id, reason=reason)
    row = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    policy = row.batch.as_contract().return_policy
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="given_back",
            start=("held",),
            to="issued",
            key=key,
            of_holder=holder,
            holder="",
            amount_minor=0,
            frozen_too=True,
            valid_until=after_hold(
                policy=policy,
                grace_days=row.batch.grace_days,
                valid_until=row.valid_until,
                now=now,
            ),
            reason=reason,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    if stepped.is_new:
        outbox.publish(CouponGivenBack(coupon_id=coupon_id, holder=holder), now=now)
    return stepped.coupon
