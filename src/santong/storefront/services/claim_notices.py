"""Whoever sends messages claims what is due, for a time: nobody else sends it meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.bulk import overwrite
from santong.kernel.tenancy import all_or_nothing
from santong.storefront import contracts
from santong.storefront.models import Notice
from santong.storefront.rules.notices import CLAIMED_FOR, mark_of
from santong.storefront.selectors.notices import phone_place, text_place
from santong.storefront.selectors.tellings import telling_of


@all_or_nothing
def claim_notices(*, merchant_id: int, most: int, now: datetime) -> list[contracts.DueNotice]:
    """Claim notices that are due, the longest waiting first; passes over those of others.

    What is not so any more is not told. A claim that is not settled in its time is somebody
    else's. Locks the notices.
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
    opened = [(row, _opened(row, now)) for row in rows]
    for row, due in opened:
        if due is None:
            row.state, row.ended_at = "unwanted", now
    overwrite(rows, fields=["claim", "tries", "claimed_until", "state", "ended_at"])
    return [due for _, due in opened if due is not None]


def _opened(row: Notice, now: datetime) -> contracts.DueNotice | None:
    phone = _plain(row, row.phone_sealed, phone_place(row.key))
    text = _plain(row, row.text_sealed, text_place(row.key)) or _written(row, phone, now)
    if not text:
        return None
    return contracts.DueNotice(id=row.id, claim=row.claim, tries=row.tries, phone=phone, text=text)


def _written(row: Notice, phone: str, now: datetime) -> str:
    telling = telling_of(
        merchant_id=row.merchant_id,
        kind=row.kind,
        subject=row.subject,
        mark=mark_of(row.key),
        phone=phone,
        now=now,
    )
    if telling is None:
        return ""
    return f"{telling.text}{settings.SANTONG_PUBLIC_URL.rstrip('/')}{telling.path}"


def _plain(row: Notice, sealed: bytes | memoryview[int], place: str) -> str:
    return crypto.decrypt(merchant_id=row.merchant_id, sealed=bytes(sealed), place=place).decode()
