"""Who joined on a day of the year."""

from __future__ import annotations

from santong.kernel.wire import Statement
from santong.membership.selectors.statements import run

# Read once a day, along the ids: no index is kept for it.
_JOINED = Statement("""
SELECT id FROM membership_member
WHERE merchant_id = %(merchant)s::bigint AND id > %(after)s::bigint AND state <> 'merged'
  AND extract(month FROM joined_at AT TIME ZONE 'Asia/Shanghai') = %(month)s::int
  AND extract(day FROM joined_at AT TIME ZONE 'Asia/Shanghai') = %(day)s::int
ORDER BY id LIMIT %(limit)s::int
""")


def members_joined_on(
    *, merchant_id: int, month: int, day: int, after_id: int, limit: int
) -> list[int]:
    """Members who joined on a day of any year, by id, above `after_id`; the day is China's."""
    rows = run(
        _JOINED,
        {
            "merchant": merchant_id,
            "after": after_id,
            "month": month,
            "day": day,
            "limit": limit,
        },
    )
    return [member_id for (member_id,) in rows]
