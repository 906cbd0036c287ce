"""What tests do to coupons, with what they are not about filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine
from santong.benefits.tests.factories import LATER, NOW, new_key

LINES = (RedemptionLine(line="1", quantity=2), RedemptionLine(line="2", quantity=1))


def hold(merchant_id: int, coupon: benefits.Coupon, **named: Any) -> benefits.Coupon:
    return benefits.hold_for_order(
        merchant_id=merchant_id,
        coupon_id=coupon.id,
        **{
            "holder": "order:1",
            "amount_minor": 500,
            "held_until": LATER,
            "key": new_key(),
            "now": NOW,
            **named,
        },
    )


def redeem(merchant_id: int, coupon: benefits.Coupon, **named: Any) -> benefits.Redemption:
    return benefits.redeem(
        merchant_id=merchant_id,
        coupon_id=coupon.id,
        **{"channel": "store", "amount_minor": 500, "key": new_key(), "now": NOW, **named},
    )


def back(
    merchant_id: int, coupon: benefits.Coupon, lines: dict[str, int] | None = None, **named: Any
) -> benefits.Return:
    return benefits.return_redemption(
        merchant_id=merchant_id,
        coupon_id=coupon.id,
        quantity_by_line=lines,
        **{"key": new_key(), "now": NOW, **named},
    )


def state_of(merchant_id: int, coupon: benefits.Coupon) -> str:
    return benefits.coupon_by_id(merchant_id=merchant_id, coupon_id=coupon.id).state


def end(merchant_id: int, coupon: benefits.Coupon) -> None:
    benefits.void(
        merchant_id=merchant_id, coupon_id=coupon.id, reason="wrong", key=new_key(), now=NOW
    )


def sound(merchant_id: int, now: datetime = NOW) -> bool:
    return benefits.check_invariants(merchant_id=merchant_id, now=now) == []
