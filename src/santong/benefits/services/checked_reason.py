"""Why a member's coupon was touched, as it is kept for ever."""

from __future__ import annotations

from santong.benefits.selectors.coupons import row_by_id
from santong.customers import public as customers
from santong.kernel.nameless import check_prose
from santong.membership import public as membership


def check_reason(*, merchant_id: int, coupon_id: int, reason: str) -> None:
    """Steps and facts are never rewritten: a reason names nobody, least of all the member.

    Raises FieldInvalid, NoSuch.
    """
    check_prose(reason)
    member_id = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id).member_id
    if not reason or member_id is None:
        return
    found = membership.members_by_id(merchant_id=merchant_id, member_ids=[member_id])
    customers.refuse_naming(
        merchant_id=merchant_id,
        person_ids=[member.person_id for member in found.values()],
        reason=reason,
    )
