"""Say on which day of the year members joined of whom nobody has said so."""

from __future__ import annotations

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership.selectors.statements import run

_NOTE = Statement("""
UPDATE membership_member m
SET joined_day = to_char(m.joined_at AT TIME ZONE 'Asia/Shanghai', 'MMDD')::smallint
FROM (
  SELECT id FROM membership_member
  WHERE merchant_id = %(merchant)s::bigint AND joined_day IS NULL
  ORDER BY id LIMIT %(limit)s::int
  FOR NO KEY UPDATE SKIP LOCKED
) AS blank
WHERE m.merchant_id = %(merchant)s::bigint AND m.id = blank.id
RETURNING m.id
""")


@all_or_nothing
def note_joining_days(*, merchant_id: int, limit: int) -> int:
    """Note the day of the year for `limit` members at most who joined before it was; how many.

    Whoever is busy is left for the next time. Locks members.
    """
    return len(run(_NOTE, {"merchant": merchant_id, "limit": limit}))
