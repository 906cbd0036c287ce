"""A member is given a package."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Channel, Coupon
from santong.benefits.selectors.packages import package_by_id
from santong.benefits.services.claim import claim
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def give_package(
    *,
    merchant_id: int,
    package_id: int,
    member_id: int,
    channel: Channel,
    key: str,
    cause: str = "package",
    now: datetime,
) -> list[Coupon]:
    """Give everything in a package, or nothing; the same key gives the same coupons.

    Raises what `claim` raises, NoSuch. Emits CouponIssued. Locks batches' slots, in the order of
    the batches.
    """
    package = package_by_id(merchant_id=merchant_id, package_id=package_id)
    return [
        claim(
            merchant_id=merchant_id,
            batch_id=batch_id,
            member_id=member_id,
            channel=channel,
            key=f"{key}/{batch_id}/{number}",
            cause=cause,
            is_alone=False,
            now=now,
        )
        for batch_id, quantity in package.quantity_by_batch
        for number in range(quantity)
    ]
