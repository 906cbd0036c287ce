"""A member has come back after using a coupon."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.benefits.selectors.statements import run
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# The purchase for which a coupon was used is told of, too; it is no visit after it.
SAME_VISIT = timedelta(hours=12)
WITHIN = timedelta(days=90)

_MARK = Statement("""
UPDATE benefits_coupon SET revisited_at = %(visited)s::timestamptz
WHERE merchant_id = %(merchant)s::bigint AND member_id = %(member)s::bigint AND state = 'redeemed'
  AND (revisited_at IS NULL OR revisited_at > %(visited)s::timestamptz)
  AND redeemed_at < %(before)s::timestamptz AND redeemed_at >= %(since)s::timestamptz
RETURNING id
""")


@all_or_nothing
def mark_revisited(*, merchant_id: int, member_id: int, visited_at: datetime) -> int:
    """Note for coupons used by the member in the ninety days before a visit that they came back.

    The first visit counts, whenever and in whatever order visits are told; a purchase within twelve
    hours of the use is the same one. Locks those coupons.
    """
    rows = run(
        _MARK,
        {
            "merchant": merchant_id,
            "member": member_id,
            "before": visited_at - SAME_VISIT,
            "since": visited_at - WITHIN,
            "visited": visited_at,
        },
    )
    return len(rows)
