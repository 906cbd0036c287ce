from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from santong.kernel.tenancy import all_or_nothing
from santong.messaging import contracts
from santong.messaging.models import Message, Permit, Queued

# What is given out and not confirmed comes again after so long.
AGAIN_AFTER: Final = timedelta(seconds=60)
_TAKE: Final = """
UPDATE messaging_queued SET due_at = %(again_at)s, times = times + 1 WHERE id IN (
    SELECT id FROM messaging_queued
    WHERE merchant_id = %(merchant)s AND app_key = %(app)s AND group_name = %(group)s
        AND due_at <= %(now)s
    ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id, number, permit_id
"""


@all_or_nothing
def take_queued(
    *, merchant_id: int, app_key: str, group_name: str, most: int, now: datetime
) -> list[contracts.ChannelMessage]:
    """Give an app's group what waits for it of one seller; nobody else gets it for a minute.

    Locks what it takes, past what others hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "again_at": now + AGAIN_AFTER,
                "merchant": merchant_id,
                "app": app_key,
                "group": group_name,
                "now": now,
                "most": most,
            },
        )
        taken = sorted(cursor.fetchall())
    return _messages(merchant_id, taken)


@all_or_nothing
def confirm_queued(*, merchant_id: int, app_key: str, ids: Iterable[int]) -> int:
    """Let an app be done with messages of one seller; how many there were."""
    gone, _ = (
        Queued.objects.of_merchant(merchant_id).filter(app_key=app_key, id__in=list(ids)).delete()
    )
    return int(gone)


@all_or_nothing
def give_back_queued(*, merchant_id: int, app_key: str, ids: Iterable[int], now: datetime) -> int:
    """Let messages that were given out be given to another client at once: this one is gone."""
    return int(
        Queued.objects.of_merchant(merchant_id)
        .filter(app_key=app_key, id__in=list(ids), due_at__gt=now)
        .update(due_at=now)
    )


def _messages(
    merchant_id: int, taken: Sequence[tuple[int, int, int]]
) -> list[contracts.ChannelMessage]:
    messages = {
        row.number: row
        for row in Message.objects.of_merchant(merchant_id).filter(
            number__in=[number for _, number, _ in taken]
        )
    }
    permits = {
        row.id: row
        for row in Permit.objects.of_merchant(merchant_id).filter(
            id__in={permit_id for _, _, permit_id in taken}
        )
    }
    return [
        contracts.ChannelMessage(
            id=queued_id,
            merchant_id=merchant_id,
            topic=messages[number].topic,
            content=json.dumps(messages[number].content, ensure_ascii=False, separators=(",", ":")),
            published_at=messages[number].at,
            publisher=messages[number].publisher,
            user_id=permits[permit_id].user_id,
            user_nick=permits[permit_id].user_nick,
        )
        for queued_id, number, permit_id in taken
        if number in messages
    ]
