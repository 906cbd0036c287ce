"""A coupon is used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.benefits.contracts import (
    LONGEST_HOLDER,
    Channel,
    CouponState,
    Redemption,
    RedemptionLine,
)
from santong.benefits.events import CouponRedeemed
from santong.benefits.rules.lines import check_lines
from santong.benefits.selectors.statements import array, run, texts
from santong.benefits.services.charge import charge
from santong.benefits.services.deliver import deliver
from santong.benefits.services.step import Step, Stepped, take_step
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

USABLE: tuple[CouponState, ...] = ("issued", "held")

_LINES = Statement("""
INSERT INTO benefits_redemptionline (merchant_id, coupon_id, attempt, line, quantity)
SELECT %(merchant)s::bigint, %(coupon)s::bigint, %(attempt)s::int, w.line, w.quantity
FROM unnest(%(lines)s::text[], %(quantities)s::int[]) AS w(line, quantity)
RETURNING id
""")


@all_or_nothing
def redeem(
    *,
    merchant_id: int,
    coupon_id: int,
    amount_minor: int = 0,
    lines: Sequence[RedemptionLine] = (),
    holder: str = "",
    channel: Channel,
    location_id: int | None = None,
    key: str,
    now: datetime,
) -> Redemption:
    """Use a coupon, in a store or for an order, once; the same key gives the same redemption.

    A coupon that an order holds is used for that order alone. `lines` say what it was used for;
    without them a return is always of the whole. Points, a tier and the money of a red packet move
    with it.

    Raises CouponStatePassed, CouponFrozen, NotValidNow, LimitReached, KeyTaken, FieldInvalid,
    NoSuch, Busy, and what membership refuses. Emits CouponRedeemed. Locks the coupon, then its
    batch where a budget is spent, then the member and accounts.
    """
    check_lines(lines)
    check_use(holder=holder, amount_minor=amount_minor)
    stepped = take_step(
        Step(
            coupon_id=coupon_id,
            kind="redeemed",
            start=USABLE,
            to="redeemed",
            key=key,
            valid_at=now,
            of_holder=holder,
            holder=holder,
            amount_minor=amount_minor,
            channel=channel,
            location_id=location_id,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    if stepped.is_new:
        settle_use(
            stepped,
            merchant_id=merchant_id,
            lines=lines,
            channel=channel,
            location_id=location_id,
            redeemed_at=now,
            now=now,
        )
    return redemption_of(stepped)


def check_use(*, holder: str, amount_minor: int) -> None:
    """Raises FieldInvalid."""
    if len(holder) > LONGEST_HOLDER:
        raise FieldInvalid(pointer="/holder", reason=f"at most {LONGEST_HOLDER} characters")
    if not 0 <= amount_minor <= 10**15:
        raise FieldInvalid(pointer="/amount_minor", reason="nothing or more")


def settle_use(
    stepped: Stepped,
    *,
    merchant_id: int,
    lines: Sequence[RedemptionLine],
    channel: str,
    location_id: int | None,
    redeemed_at: datetime,
    now: datetime,
) -> None:
    """Write what a coupon was used for, what it costs, what it brings, and tell it."""
    coupon = stepped.coupon
    if lines:
        run(
            _LINES,
            {
                "merchant": merchant_id,
                "coupon": coupon.id,
                "attempt": stepped.attempt,
                "lines": texts(line.line for line in lines),
                "quantities": array(line.quantity for line in lines),
            },
        )
    charge(
        merchant_id=merchant_id,
        coupon_id=coupon.id,
        attempt=stepped.attempt,
        kind="redeemed",
        now=now,
    )
    deliver(
        coupon,
        stepped.batch,
        merchant_id=merchant_id,
        attempt=stepped.attempt,
        redeemed_at=redeemed_at,
        now=now,
    )
    outbox.publish(
        CouponRedeemed(
            coupon_id=coupon.id,
            batch_id=coupon.batch_id,
            member_id=coupon.member_id,
            amount_minor=coupon.amount_minor,
            channel=channel,
            location_id=location_id,
        ),
        now=now,
    )


def redemption_of(stepped: Stepped) -> Redemption:
    coupon = stepped.coupon
    return Redemption(
        coupon_id=coupon.id,
        batch_id=coupon.batch_id,
        member_id=coupon.member_id,
        attempt=stepped.attempt,
        amount_minor=coupon.amount_minor,
        is_new=stepped.is_new,
    )
