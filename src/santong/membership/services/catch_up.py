"""Do now what is still on its way: persons were merged or parted a moment ago."""

from __future__ import annotations

from datetime import datetime

from santong.customers import public as customers
from santong.membership.services.part import part
from santong.membership.services.unite import unite


def catch_up(*, merchant_id: int, person_id: int, now: datetime) -> None:
    """Let the members of a person be what the person is, before the fact has arrived.

    Otherwise whoever joins in that moment would be a new member beside an old card.
    """
    merges = customers.merges_of(merchant_id=merchant_id, person_id=person_id)
    for merge in merges:
        if merge.undone_at is not None:
            part(merchant_id=merchant_id, merge_id=merge.id, now=now)
    for merge in merges:
        if merge.undone_at is None:
            unite(
                merchant_id=merchant_id,
                merge_id=merge.id,
                kept_person_id=merge.kept_id,
                gone_person_id=merge.gone_id,
                now=now,
            )
