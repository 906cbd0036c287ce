"""Whoever sends messages claims what is due, for a time: nobody else sends it meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.bulk import overwrite
from santong.kernel.tenancy import all_or_nothing
from santong.storefront import contracts
from santong.storefront.models import Notice
from santong.storefront.rules.notices import CLAIMED_FOR
from santong.storefront.selectors.notices import phone_place, text_place


@all_or_nothing
def claim_notices(*, merchant_id: int, most: int, now: datetime) -> list[contracts.DueNotice]:
    """Claim notices that are due, the longest waiting first; passes over those of others.

    A claim that is not settled in its time is somebody else's. Locks the notices.
    """
    rows = list(
        Notice.objects.of_merchant(merchant_id)
        .filter(state="queued", due_at__lte=now)
        .filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        .order_by("due_at", "id")
        .select_for_update(skip_locked=True)[:most]
    )
    for row in rows:
        row.claim += 1
        row.tries += 1
        row.claimed_until = now + CLAIMED_FOR
    overwrite(rows, fields=["claim", "tries", "claimed_until"])
    return [_opened(row) for row in rows]


def _opened(row: Notice) -> contracts.DueNotice:
    def plain(sealed: bytes | memoryview[int], place: str) -> str:
        return crypto.decrypt(
            merchant_id=row.merchant_id, sealed=bytes(sealed), place=place
        ).decode()

    return contracts.DueNotice(
        id=row.id,
        claim=row.claim,
        tries=row.tries,
        phone=plain(row.phone_sealed, phone_place(row.key)),
        text=plain(row.text_sealed, text_place(row.key)),
    )
