"""A member takes a coupon, or is given one."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import LONGEST_KEY, Channel, Coupon
from santong.benefits.errors import KeyTaken, LimitReached
from santong.benefits.selectors.coupons import coupon_by_key
from santong.benefits.selectors.limits import refusal_of
from santong.benefits.services.give import Wish, give
from santong.benefits.services.open_day import open_day
from santong.benefits.services.owe_issued import owe_issued
from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

TRIES = 5
_LONGEST_CAUSE = 100
_BEFORE = Statement("SAVEPOINT claim")
_UNDO = Statement("ROLLBACK TO SAVEPOINT claim")


@all_or_nothing
def claim(
    *,
    merchant_id: int,
    batch_id: int,
    member_id: int,
    channel: Channel,
    key: str,
    cause: str = "claim",
    is_alone: bool = True,
    now: datetime,
) -> Coupon:
    """Give the member a coupon of the batch, within every limit; the same key gives the same one.

    The caller has looked whether the member is one of the merchant's, and says with `is_alone` that
    its transaction gives out this one coupon: only then may it wait for a slot that another could
    have taken as well.

    Raises LimitReached, BatchNotOpen, OutsideClaimWindow, NoSuch, KeyTaken, FieldInvalid, Busy.
    Emits CouponIssued. Locks one slot of each limit, a supplier's code, the member's count,
    and accounts for a red packet.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    if len(cause) > _LONGEST_CAUSE:
        raise FieldInvalid(pointer="/cause", reason=f"at most {_LONGEST_CAUSE} characters")
    wish = Wish(merchant_id, batch_id, member_id, channel, cause, key)
    for turn in range(TRIES):
        # In the statement's own trip. What a try in vain has locked would stand in others' way.
        _BEFORE.later({})
        found = give(wish, turn=turn, is_alone=is_alone, now=now)
        if found is not None:
            if not found.is_within_member_limit:
                raise LimitReached(batch_id=batch_id, limit="member")
            owe_issued(
                {found.coupon.id: member_id}, merchant_id=merchant_id, batch_id=batch_id, now=now
            )
            return found.coupon
        _UNDO.rows({})
        if first := _first_of(wish):
            return first
        refused = refusal_of(
            merchant_id=merchant_id, batch_id=batch_id, member_id=member_id, now=now
        )
        if refused == "day not open":
            open_day(merchant_id=merchant_id, batch_id=batch_id, now=now)
        elif refused is not None:
            raise refused
    raise Busy


def _first_of(wish: Wish) -> Coupon | None:
    """What the same command was given before."""
    first = coupon_by_key(merchant_id=wish.merchant_id, key=wish.key)
    if first is not None and (first.batch_id, first.member_id) != (wish.batch_id, wish.member_id):
        raise KeyTaken(key=wish.key)
    return first
