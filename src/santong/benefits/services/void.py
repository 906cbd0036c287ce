"""A coupon is taken back for good."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.events import CouponVoided
from santong.benefits.rules.terms import OWED_IN_MONEY
from santong.benefits.services import books
from santong.benefits.services.checked_reason import check_reason
from santong.benefits.services.deliver import packet_of, take_back
from santong.benefits.services.step import Step, Stepped, take_step
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def void(*, merchant_id: int, coupon_id: int, reason: str, key: str, now: datetime) -> Coupon:
    """End a coupon, whoever has it and even if it was used; its limit is not given out again.

    What a use had brought goes back, and a red packet is owed no more.

    Raises CouponStatePassed, KeyTaken, FieldInvalid, NoSuch, Busy. Emits CouponVoided. Locks the
    coupon, then its batch where a budget was spent, then the member and accounts.
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
        _undo(stepped, merchant_id=merchant_id, now=now)
        outbox.publish(CouponVoided(coupon_id=coupon_id, reason=reason), now=now)
    return stepped.coupon


def _undo(stepped: Stepped, *, merchant_id: int, now: datetime) -> None:
    """Undo the use that stood, if one did, and then owe nothing for what was never used."""
    coupon, batch = stepped.coupon, stepped.batch
    if coupon.member_id is None:
        return
    if stepped.was == "redeemed" and stepped.redeemed_at is not None:
        take_back(
            coupon,
            batch,
            merchant_id=merchant_id,
            attempt=stepped.attempt,
            redeemed_at=stepped.redeemed_at,
            now=now,
        )
    if batch.kind in OWED_IN_MONEY:
        ending = books.Ending(packet_of(coupon, batch), stepped.attempt, "refunded")
        books.end([ending], merchant_id=merchant_id, now=now)
