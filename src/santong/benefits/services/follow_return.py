"""Goods of an order came back: coupons that it had used follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction

from santong.benefits.contracts import Coupon
from santong.benefits.errors import CouponStatePassed, MoreThanBought
from santong.benefits.models import Coupon as Row
from santong.benefits.selectors.coupons import coupons_of_holder
from santong.benefits.selectors.steps import redemption_lines
from santong.benefits.services.return_redemption import return_redemption
from santong.kernel.tenancy import all_or_nothing

log = structlog.get_logger(__name__)


@all_or_nothing
def follow_return(
    *,
    merchant_id: int,
    holder: str,
    quantity_by_line: Mapping[int, int],
    is_whole: bool,
    key: str,
    now: datetime,
) -> None:
    """Take back what the coupons of an order were used for; what comes twice counts once.

    A coupon that was used for certain lines follows these; another one follows the whole order.

    Emits CouponReturned once all is back. Locks as `return_redemption` does.
    """
    for coupon in coupons_of_holder(merchant_id=merchant_id, holder=holder):
        lines = _lines(merchant_id, coupon, quantity_by_line)
        if coupon.state != "redeemed" or (not lines and not is_whole):
            continue
        try:
            with transaction.atomic():
                return_redemption(
                    merchant_id=merchant_id,
                    coupon_id=coupon.id,
                    quantity_by_line=None if is_whole else lines,
                    reason="goods came back",
                    key=f"{key}:{coupon.id}",
                    now=now,
                )
        except (CouponStatePassed, MoreThanBought) as refused:
            log.warning("coupon_does_not_follow", coupon_id=coupon.id, why=refused.code)


def _lines(merchant_id: int, coupon: Coupon, quantity_by_line: Mapping[int, int]) -> dict[str, int]:
    attempt = Row.objects.of_merchant(merchant_id).get(id=coupon.id).attempt
    used = redemption_lines(merchant_id=merchant_id, coupon_id=coupon.id, attempt=attempt)
    return {
        str(line): units for line, units in quantity_by_line.items() if units and str(line) in used
    }
