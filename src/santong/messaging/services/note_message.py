from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import Message, Queued, Subscription

_NEXT = (
    "INSERT INTO messaging_log AS l (merchant_id, last_number) VALUES (%s, 1)"
    " ON CONFLICT (merchant_id) DO UPDATE SET last_number = l.last_number + 1"
    " RETURNING last_number"
)


def wanted_of(*, merchant_id: int, topics: Collection[str]) -> set[str]:
    """Those of the topics that somebody wants to hear of."""
    rows = Subscription.objects.of_merchant(merchant_id).filter(topic__in=topics)
    return set(rows.values_list("topic", flat=True))


@all_or_nothing
def note_message(
    *,
    merchant_id: int,
    topic: str,
    key: str,
    content: Mapping[str, Any],
    publisher: str = "",
    now: datetime,
) -> int:
    """Write a message into the merchant's log, and into the queue of each app that wants it.

    Numbers are those of commits: the log is held until the transaction ends. Gives the number.

    Locks the log.
    """
    number = next_number(merchant_id=merchant_id)
    Message.objects.create(
        merchant_id=merchant_id,
        number=number,
        topic=topic,
        key=key[:120],
        content=content,
        at=now,
        publisher=publisher,
    )
    permits = (
        Subscription.objects.of_merchant(merchant_id)
        .filter(topic=topic, permit__isnull=False)
        .values_list("permit_id", "permit__app_key", "permit__group_name")
    )
    Queued.objects.bulk_create(
        Queued(
            merchant_id=merchant_id,
            permit_id=permit_id,
            app_key=app_key,
            group_name=group_name,
            number=number,
            due_at=now,
        )
        for permit_id, app_key, group_name in permits
    )
    return number


def next_number(*, merchant_id: int) -> int:
    """The next number of the log, which is held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [merchant_id])
        return int(cursor.fetchone()[0])
