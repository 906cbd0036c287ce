from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, array

# In the order of their ids, as everybody locks them. A row that waits after failures keeps its
# time: more changes do not make a line work.
_WANT: Final = Statement("""
WITH those AS MATERIALIZED (
  SELECT id FROM gateway_membersync
  WHERE merchant_id = %(merchant)s::bigint
    AND (member_id = ANY (%(members)s::bigint[]) OR carried_on_by = ANY (%(members)s::bigint[]))
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE gateway_membersync s
SET wanted = s.wanted + 1,
  due_at = CASE WHEN s.attempts > 0 THEN s.due_at ELSE %(now)s::timestamptz END,
  changed_at = CASE WHEN s.wanted > s.sent THEN s.changed_at ELSE %(now)s::timestamptz END
FROM those WHERE s.id = those.id
""")


@all_or_nothing
def note_change(*, merchant_id: int, member_ids: Collection[int], now: datetime) -> None:
    """Something that marketplaces show of these members has changed: they are told of it once.

    Locks the members' places in the queue.
    """
    if member_ids:
        _WANT.later(
            {
                "merchant": str(merchant_id),
                "members": array(sorted(member_ids)),
                "now": now.isoformat(),
            }
        )
