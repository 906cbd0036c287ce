"""Persons who are to be compared with others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.kernel.wire import Statement, array

_LINE_UP = Statement("""
INSERT INTO customers_matchdue (merchant_id, person_id, since)
SELECT %(merchant)s, w.person_id, %(now)s::timestamptz
FROM unnest(%(persons)s::bigint[]) AS w(person_id)
ORDER BY w.person_id
ON CONFLICT (merchant_id, person_id) DO NOTHING
""")


def line_up(*, merchant_id: int, person_ids: Collection[int], now: datetime) -> None:
    """Let persons be compared: they are new, or something else is known of them.

    Written with what is known, after the person was locked, so that none is missed.
    """
    if person_ids:
        _LINE_UP.later(
            {
                "merchant": str(merchant_id),
                "persons": array(sorted(person_ids)),
                "now": now.isoformat(),
            }
        )
