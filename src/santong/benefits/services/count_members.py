"""Members get one more of a batch each, if their own limit lets them."""

from __future__ import annotations

from collections.abc import Sequence

from santong.benefits.selectors.statements import array, run
from santong.kernel.wire import Statement

# Who has had their share is left out; members' rows are taken in the order of their ids.
_COUNT = Statement("""
INSERT INTO benefits_membercount AS m (merchant_id, batch_id, member_id, given, most)
SELECT %(merchant)s::bigint, %(batch)s::bigint, member_id, 1, %(most)s::int
FROM unnest(%(members)s::bigint[]) AS member_id ORDER BY member_id
ON CONFLICT (merchant_id, batch_id, member_id)
DO UPDATE SET given = m.given + 1 WHERE m.given + 1 <= m.most
RETURNING member_id
""")


def count_members(
    *, merchant_id: int, batch_id: int, most: int, member_ids: Sequence[int]
) -> set[int]:
    """Count one more for each of these members; those whose limit lets them. Locks their counts."""
    rows = run(
        _COUNT,
        {
            "merchant": merchant_id,
            "batch": batch_id,
            "most": most,
            "members": array(member_ids),
        },
    )
    return {member_id for (member_id,) in rows}
