"""Who joined on a day of the year."""

from __future__ import annotations

from santong.kernel.wire import Statement
from santong.membership.selectors.statements import run

JOINED_ON = """
SELECT id FROM membership_member
WHERE merchant_id = %(merchant)s::bigint AND joined_day = %(day)s::smallint
  AND id > %(after)s::bigint AND state <> 'merged'
ORDER BY id LIMIT %(limit)s::int
"""
_JOINED = Statement(JOINED_ON)


def members_joined_on(
    *, merchant_id: int, month: int, day: int, after_id: int, limit: int
) -> list[int]:
    """Members who joined on a day of any year, by id, above `after_id`; the day is China's.

    Who joined on a 29 February is found under that day alone: whoever celebrates asks for it on the
    28th where there is none.
    """
    rows = run(
        _JOINED,
        {
            "merchant": merchant_id,
            "after": after_id,
            "day": month * 100 + day,
            "limit": limit,
        },
    )
    return [member_id for (member_id,) in rows]
