"""A title is remembered for a member."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from santong.invoicing import contracts
from santong.invoicing.models.titles import kept_place, seal_title
from santong.invoicing.rules.fields import checked_title
from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, octets

# The title's own slot if it is there, else a free one, else that of the one unused for longest.
# Whoever takes the same slot at once replaces it: there are never more than there are slots.
_KEEP: Final = Statement("""
INSERT INTO invoicing_kepttitle
  (merchant_id, member_id, slot, title_sealed, title_index, used_at)
SELECT %(merchant)s::bigint, %(member)s::bigint, s.slot, %(sealed)s::bytea, %(index)s::bytea,
  %(now)s::timestamptz
FROM generate_series(1, %(most)s::int) AS s(slot)
LEFT JOIN invoicing_kepttitle t ON t.merchant_id = %(merchant)s::bigint
  AND t.member_id = %(member)s::bigint AND t.slot = s.slot
ORDER BY t.title_index IS NOT DISTINCT FROM %(index)s::bytea DESC, t.used_at NULLS FIRST, s.slot
LIMIT 1
ON CONFLICT (merchant_id, member_id, slot) DO UPDATE
SET title_sealed = EXCLUDED.title_sealed, title_index = EXCLUDED.title_index,
  used_at = EXCLUDED.used_at
RETURNING slot
""")
_LOCK: Final = Statement(
    "SELECT pg_advisory_xact_lock(hashtextextended('invoicing.titles', %(member)s::bigint)) IS NULL"
)


@all_or_nothing
def keep_title(*, merchant_id: int, member_id: int, title: contracts.Title, now: datetime) -> int:
    """Remember a title; of more than ten, the one that was not used for longest goes. Its slot.

    Raises TitleInvalid. Locks the member's titles.
    """
    title = checked_title(title, form="ordinary")
    sealed = seal_title(merchant_id=merchant_id, title=title, place=kept_place(member_id=member_id))
    index = crypto.blind_index(
        merchant_id=merchant_id,
        value=json.dumps(asdict(title), sort_keys=True),
        purpose="invoicing.title",
    )
    _LOCK.rows({"member": str(member_id)})
    ((slot,),) = _KEEP.rows(
        {
            "merchant": str(merchant_id),
            "member": str(member_id),
            "sealed": octets(sealed),
            "index": octets(index),
            "now": now.isoformat(),
            "most": str(contracts.MOST_TITLES),
        }
    )
    return int(slot)
