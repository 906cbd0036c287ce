"""What was held when two members became one follows when its hold has ended."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership.models import MemberMerge
from santong.membership.services.lock import lock_members
from santong.membership.services.unite import fold


@all_or_nothing
def fold_leftovers(*, merchant_id: int, merge_id: int, now: datetime) -> bool:
    """Let what has come free of one merge follow; whether there was any.

    Locks both members, then accounts of the ledger.
    """
    rows = MemberMerge.objects.of_merchant(merchant_id)
    record = rows.filter(merge_id=merge_id, undone_at=None, gone__isnull=False).first()
    if record is None:
        return False
    lock_members(
        merchant_id=merchant_id, member_ids=[record.kept_id, record.gone_id or record.kept_id]
    )
    record = rows.filter(merge_id=merge_id, undone_at=None, gone__isnull=False).first()
    if record is None:
        return False
    folded = len(record.before["txns"])
    fold(record, now=now)
    if len(record.before["txns"]) == folded:
        return False
    record.save(update_fields=["before"])
    return True
