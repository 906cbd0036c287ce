"""Whoever holds a printed code makes it theirs."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Coupon
from santong.benefits.errors import BatchNotOpen, CouponStatePassed, LimitReached, NotValidNow
from santong.benefits.events import CouponIssued
from santong.benefits.rules.validity import span_of
from santong.benefits.selectors.coupons import coupon_by_id, row_by_id
from santong.benefits.selectors.statements import run, signature
from santong.benefits.services.count_members import count_members
from santong.benefits.services.owe_issued import owe_issued
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_TAKE = Statement("""
WITH mine AS (
  UPDATE benefits_coupon SET state = 'issued', member_id = %(member)s::bigint,
    issued_at = %(now)s::timestamptz, valid_from = %(valid_from)s::timestamptz,
    valid_until = %(valid_until)s::timestamptz, changed_at = %(now)s::timestamptz
  WHERE merchant_id = %(merchant)s::bigint AND id = %(coupon)s::bigint AND state = 'created'
  RETURNING id
)
INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
  at, actor)
SELECT %(merchant)s::bigint, id, 'issued', 'created', 'issued', '', %(now)s::timestamptz,
  %(actor)s::text
FROM mine
RETURNING coupon_id
""")


@all_or_nothing
def take_code(*, merchant_id: int, coupon_id: int, member_id: int, now: datetime) -> Coupon:
    """Give a printed coupon to the member who has its code, once; again to the same member is fine.

    The caller has looked whether the member is one of the merchant's.

    Raises CouponStatePassed, NotValidNow, BatchNotOpen, LimitReached, NoSuch. Emits CouponIssued.
    Locks the coupon, then the member's count, then accounts for a red packet.
    """
    row = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    batch = row.batch
    if row.state == "issued" and row.member_id == member_id:
        return row.as_contract()
    if batch.state not in ("active", "paused", "ended"):
        raise BatchNotOpen(batch_id=batch.id, state=batch.state)
    if row.valid_until is not None and row.valid_until <= now:
        raise NotValidNow(coupon_id=row.id, valid_from=row.valid_from, valid_until=row.valid_until)
    span = span_of(batch.as_contract().validity, issued_at=now)
    taken = run(
        _TAKE,
        {
            "merchant": merchant_id,
            "coupon": coupon_id,
            "member": member_id,
            "valid_from": span.valid_from,
            "valid_until": span.valid_until,
            "actor": signature(),
            "now": now,
        },
    )
    found = coupon_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    if not taken:
        if found.state == "issued" and found.member_id == member_id:
            return found
        raise CouponStatePassed(coupon_id=coupon_id, state=found.state, wanted="issued")
    if batch.limit_per_member is not None and not count_members(
        merchant_id=merchant_id,
        batch_id=batch.id,
        most=batch.limit_per_member,
        member_ids=[member_id],
    ):
        raise LimitReached(batch_id=batch.id, limit="member")
    owe_issued({coupon_id: member_id}, merchant_id=merchant_id, batch_id=batch.id, now=now)
    outbox.publish(
        CouponIssued(
            coupon_id=coupon_id,
            batch_id=batch.id,
            member_id=member_id,
            channel="online",
            cause="code",
        ),
        now=now,
    )
    return found
