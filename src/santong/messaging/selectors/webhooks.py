"""Webhooks as they are shown: settings, lag, deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from santong.kernel.errors import NoSuch
from santong.messaging import contracts
from santong.messaging.contracts import ENDPOINT_STATES, OUTCOMES, PAUSE_REASONS
from santong.messaging.models import (
    Endpoint,
    EndpointSecret,
    Message,
    Parked,
    Place,
    Subscription,
    Try,
)

# What is behind an endpoint's place and is for it, and what is parked; and the oldest of these.
_LAG = """
SELECT p.endpoint_id, count(m.id), min(m.at) FROM messaging_place p
JOIN messaging_message m ON m.merchant_id = p.merchant_id AND (
    (m.number > p.read_through AND EXISTS (SELECT FROM messaging_subscription s
        WHERE s.endpoint_id = p.endpoint_id AND s.topic = m.topic))
    OR EXISTS (SELECT FROM messaging_parked k WHERE k.merchant_id = p.merchant_id
        AND k.endpoint_id = p.endpoint_id AND k.number = m.number AND NOT k.is_dead))
WHERE p.merchant_id = %s GROUP BY p.endpoint_id
"""


def webhooks(*, merchant_id: int, now: datetime) -> list[contracts.Endpoint]:
    """Every webhook of a merchant, the oldest first."""
    return _contracts(merchant_id, Endpoint.objects.of_merchant(merchant_id).order_by("id"), now)


def webhook_by_id(*, merchant_id: int, webhook_id: int, now: datetime) -> contracts.Endpoint:
    """One webhook. Raises NoSuch."""
    rows = Endpoint.objects.of_merchant(merchant_id).filter(id=webhook_id)
    for found in _contracts(merchant_id, rows, now):
        return found
    raise NoSuch(kind="webhook", key=str(webhook_id))


def deliveries(
    *,
    merchant_id: int,
    webhook_id: int,
    below_id: int | None = None,
    outcome: str = "",
    limit: int = 50,
) -> list[contracts.Delivery]:
    """What was tried, the newest first."""
    rows = Try.objects.of_merchant(merchant_id).filter(endpoint_id=webhook_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return [
        contracts.Delivery(
            id=row.id,
            endpoint_id=row.endpoint_id,
            number=row.number,
            topic=row.topic,
            attempt=row.attempt,
            at=row.at,
            milliseconds=row.milliseconds,
            outcome=OUTCOMES[OUTCOMES.index(row.outcome)],
            status=row.status,
            why=row.why,
        )
        for row in rows.order_by("-id")[:limit]
    ]


def waiting_messages(
    *, merchant_id: int, webhook_id: int, limit: int = 50
) -> list[contracts.Waiting]:
    """What an endpoint could not take, the oldest first: tried again, or given up."""
    rows = list(
        Parked.objects.of_merchant(merchant_id)
        .filter(Q(is_dead=True) | Q(attempts__gt=0), endpoint_id=webhook_id)
        .order_by("number")[:limit]
    )
    topics = dict(
        Message.objects.of_merchant(merchant_id)
        .filter(number__in=[row.number for row in rows])
        .values_list("number", "topic")
    )
    return [
        contracts.Waiting(
            number=row.number,
            topic=topics.get(row.number, ""),
            attempts=row.attempts,
            next_at=row.next_at,
            is_dead=row.is_dead,
        )
        for row in rows
    ]


def messages_after(
    *, merchant_id: int, number: int, topics: Iterable[str] = (), limit: int = 100
) -> list[contracts.Message]:
    """The log behind a number, in its order. Whoever has seen a number has seen all below it."""
    rows = Message.objects.of_merchant(merchant_id).filter(number__gt=number)
    wanted = list(topics)
    if wanted:
        rows = rows.filter(topic__in=wanted)
    return [row.as_contract() for row in rows.order_by("number")[:limit]]


def _contracts(
    merchant_id: int, rows: Iterable[Endpoint], now: datetime
) -> list[contracts.Endpoint]:
    topics: defaultdict[int, list[str]] = defaultdict(list)
    wanted = Subscription.objects.of_merchant(merchant_id).filter(endpoint__isnull=False)
    for endpoint_id, topic in wanted.order_by("topic").values_list("endpoint_id", "topic"):
        topics[endpoint_id].append(topic)
    places = {place.endpoint_id: place for place in Place.objects.of_merchant(merchant_id)}
    dead = _counts(Parked.objects.of_merchant(merchant_id).filter(is_dead=True))
    live = _counts(
        EndpointSecret.objects.of_merchant(merchant_id).filter(
            Q(good_until=None) | Q(good_until__gt=now)
        )
    )
    lag = _lag(merchant_id)
    found = []
    for row in rows:
        waiting, oldest = lag.get(row.id, (0, None))
        place = places[row.id]
        found.append(
            contracts.Endpoint(
                id=row.id,
                name=row.name,
                url=row.url,
                topics=tuple(topics[row.id]),
                state=ENDPOINT_STATES[ENDPOINT_STATES.index(row.state)],
                paused_why=PAUSE_REASONS[PAUSE_REASONS.index(row.paused_why)],
                failing_since=row.failing_since,
                rests_until=place.rests_until,
                read_through=place.read_through,
                waiting=waiting,
                lag_seconds=max(int((now - oldest).total_seconds()), 0) if oldest else 0,
                dead=dead.get(row.id, 0),
                live_secrets=live.get(row.id, 0),
                version=row.version,
                created_at=row.created_at,
            )
        )
    return found


def _counts(rows: object) -> dict[int, int]:
    grouped = rows.values_list("endpoint_id").annotate(count=Count("id"))  # type: ignore[attr-defined]
    return dict(grouped.order_by())


def _lag(merchant_id: int) -> dict[int, tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAG, [merchant_id])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
