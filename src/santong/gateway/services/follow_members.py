from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from santong.gateway.models import MemberSync
from santong.gateway.services.note_change import note_change
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership


@all_or_nothing
def follow_members(*, merchant_id: int, member_ids: Collection[int], now: datetime) -> None:
    """Members turned out to be one person, or two: whoever carries each on is told of from now on.

    Locks the members' places in the queue.
    """
    ids = list(member_ids)
    rows = list(
        MemberSync.objects.of_merchant(merchant_id)
        .filter(Q(member_id__in=ids) | Q(carried_on_by__in=ids))
        .lock()
    )
    current = membership.current_member_ids(
        merchant_id=merchant_id, member_ids=[row.member_id for row in rows]
    )
    for row in rows:
        carried_on_by = current.get(row.member_id, row.member_id)
        row.carried_on_by = None if carried_on_by == row.member_id else carried_on_by
        row.save(update_fields=["carried_on_by"])
    note_change(merchant_id=merchant_id, member_ids=[row.member_id for row in rows], now=now)
