"""Who waits for the message channel, and what an app was permitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from santong.kernel import cells, tenancy
from santong.messaging import contracts
from santong.messaging.models import Permit, Queued, Subscription


def sellers_with_due(*, app_key: str, group_name: str, now: datetime) -> list[int]:
    """Merchants of whom something is due for an app's group, over all cells. Outside any scope."""
    return _sellers(
        "SELECT merchant_id FROM messaging_queued"
        " WHERE app_key = %s AND group_name = %s AND due_at <= %s GROUP BY merchant_id"
        " ORDER BY min(id)",
        [app_key, group_name, now],
    )


def sellers_of(*, app_key: str, ids: Iterable[int]) -> dict[int, list[int]]:
    """Whose messages these are, if they are the app's: ids by merchant. Outside any scope."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for cell in cells.all_cells():
        with tenancy.system_scope(cell):
            rows = Queued.objects.filter(app_key=app_key, id__in=list(ids))
            for merchant_id, queued_id in rows.values_list("merchant_id", "id"):
                found[merchant_id].append(queued_id)
    return dict(found)


def permit_of(*, merchant_id: int, app_key: str) -> contracts.Permit | None:
    """What an app may hear of a seller."""
    return next(iter(permits(merchant_id=merchant_id, app_key=app_key)), None)


def permits(*, merchant_id: int, app_key: str = "") -> list[contracts.Permit]:
    """Which apps may hear of a seller, and of what."""
    rows = Permit.objects.of_merchant(merchant_id).order_by("id")
    if app_key:
        rows = rows.filter(app_key=app_key)
    topics: defaultdict[int, list[str]] = defaultdict(list)
    wanted = Subscription.objects.of_merchant(merchant_id).filter(permit__isnull=False)
    for permit_id, topic in wanted.order_by("topic").values_list("permit_id", "topic"):
        topics[permit_id].append(topic)
    return [
        contracts.Permit(
            app_key=row.app_key,
            group_name=row.group_name,
            user_id=row.user_id,
            user_nick=row.user_nick,
            topics=tuple(topics[row.id]),
            since=row.since,
        )
        for row in rows
    ]


def waiting_by_app(*, merchant_id: int) -> dict[str, int]:
    """How many messages each app has not confirmed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app_key, count(*) FROM messaging_queued WHERE merchant_id = %s"
            " GROUP BY app_key",
            [merchant_id],
        )
        return dict(cursor.fetchall())


def _sellers(statement: str, values: Sequence[str | datetime]) -> list[int]:
    found: list[int] = []
    for cell in cells.all_cells():
        with tenancy.system_scope(cell), connection.cursor() as cursor:
            cursor.execute(statement, values)
            found += [row[0] for row in cursor.fetchall()]
    return found
