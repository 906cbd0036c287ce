"""What has expired can be taken again until its line has been given up or promised anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.inventory.selectors.statements import array, run
from santong.kernel.wire import Statement

_STATEMENT = Statement("""
UPDATE inventory_reservation SET state = 'released', changed_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND id = ANY(%(rows)s::bigint[]) AND state = 'expired'
  AND (%(all_lines)s::bool OR line_id = ANY(%(lines)s::bigint[]))
RETURNING id
""")


def end_expired(
    *, merchant_id: int, row_ids: Sequence[int], line_ids: Sequence[int] | None, now: datetime
) -> None:
    """End expired reservations for good, of some lines or all; a payment takes them no more.

    The holder must have been locked before.
    """
    if not row_ids:
        return
    run(
        _STATEMENT,
        {
            "merchant": merchant_id,
            "rows": array(row_ids),
            "all_lines": line_ids is None,
            "lines": array(line_ids or ()),
            "now": now,
        },
    )
