from __future__ import annotations

from datetime import datetime

from santong.gateway.models import Connection
from santong.gateway.selectors.standing import NOBODY, standings
from santong.gateway.services.note_change import note_change
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

AT_ONCE = 2_000

_TOLD = Statement("""
SELECT id, member_id, coalesce(carried_on_by, member_id), told FROM gateway_membersync
WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
  AND wanted = sent AND id %% %(parts)s::int = %(part)s::int AND id > %(after)s::bigint
ORDER BY id
LIMIT %(most)s::int
""")


@all_or_nothing
def compare_told(*, merchant_id: int, part: int, of_parts: int, now: datetime) -> int:
    """Find, in one part of all bound members, those who stand otherwise than was told; how many.

    Locks the places in the queue of those it finds.
    """
    changed: set[int] = set()
    lines = Connection.objects.of_merchant(merchant_id).filter(kind="marketplace", state="active")
    for line in lines.exclude(url="").order_by("id"):
        after = 0
        while rows := _TOLD.rows(
            {
                "merchant": str(merchant_id),
                "connection": str(line.id),
                "parts": str(of_parts),
                "part": str(part),
                "after": str(after),
                "most": str(AT_ONCE),
            }
        ):
            after = rows[-1][0]
            found = standings(
                merchant_id=merchant_id,
                storefront_code=line.storefront_code,
                member_ids={row[2] for row in rows},
            )
            changed |= {
                member_id
                for _, member_id, current_id, told in rows
                if found.get(current_id, NOBODY).digest != told
            }
    note_change(merchant_id=merchant_id, member_ids=changed, now=now)
    return len(changed)
