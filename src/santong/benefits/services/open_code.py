"""Somebody shows a code."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from santong.benefits.contracts import Coupon
from santong.benefits.errors import CodeUnknown, TooManyTries
from santong.benefits.selectors.coupons import coupon_by_code
from santong.kernel import attempts, tenancy
from santong.kernel.tenancy import all_or_nothing

TRIES_MAX = 20
WITHIN = timedelta(minutes=10)


@all_or_nothing
def open_code(*, merchant_id: int, code: str, now: datetime) -> Coupon | CodeUnknown | TooManyTries:
    """The coupon that a code opens; who has tried twenty that are none waits ten minutes.

    Because that count must stay, an unknown code is given back as a refusal and not raised:
    whoever raises it does so after the transaction. Locks the actor's counter of tries.
    """
    actor = tenancy.current().actor
    subject = f"benefits.code:{merchant_id}:{actor.kind}:{actor.id}"
    wait = attempts.take_here(subject=subject, most=TRIES_MAX, within=WITHIN, now=now)
    if wait is not None:
        return TooManyTries(retry_after_seconds=ceil(wait.total_seconds()))
    coupon = coupon_by_code(merchant_id=merchant_id, code=code)
    if coupon is None:
        return CodeUnknown()
    attempts.give_back(subject=subject, taken_at=now)
    return coupon
