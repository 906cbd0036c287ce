"""Facts on their way to their subscribers: how far behind, and which are stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from santong.kernel.models import OutboxParked

# More than this is "very many": nobody waits for an exact number of them.
MOST_COUNTED: Final = 10_000

_LAG = """
SELECT count(*), min(occurred_at) FROM (
    SELECT occurred_at FROM kernel_outboxevent
    WHERE merchant_id = %(merchant)s AND transaction_id >= (
        SELECT coalesce(min(window_from), 0) FROM kernel_outboxcursor
    ) AND (id > (SELECT coalesce(min(last_id), 0) FROM kernel_outboxcursor)
        OR transaction_id >= (SELECT coalesce(max(window_to), 0) FROM kernel_outboxcursor))
    LIMIT %(most)s
) unread
"""


@dataclass(frozen=True, slots=True)
class Lag:
    """How many facts the slowest subscriber has still to read, and since when the oldest waits."""

    facts: int
    oldest_at: datetime | None

    @property
    def is_more(self) -> bool:
        """Whether counting was given up."""
        return self.facts >= MOST_COUNTED


@dataclass(frozen=True, slots=True)
class DeadFact:
    """A fact that a subscriber has refused too often; later ones of its thing wait behind it."""

    id: int
    subscriber: str
    name: str
    aggregate: str
    attempts: int
    error: str
    occurred_at: datetime


def lag_of(*, merchant_id: int) -> Lag:
    """How far the relay is behind with one merchant's facts."""
    with connection.cursor() as cursor:
        cursor.execute(_LAG, {"merchant": merchant_id, "most": MOST_COUNTED})
        facts, oldest_at = cursor.fetchone()
    return Lag(facts=facts, oldest_at=oldest_at)


def count_dead(*, merchant_id: int) -> int:
    """How many facts wait for a person."""
    return OutboxParked.objects.filter(merchant_id=merchant_id, is_dead=True).count()


def dead_facts(*, merchant_id: int, limit: int = 100) -> list[DeadFact]:
    """Facts that wait for a person, oldest first."""
    rows = OutboxParked.objects.filter(merchant_id=merchant_id, is_dead=True)
    return [
        DeadFact(
            id=row.id,
            subscriber=row.subscriber,
            name=row.event.name,
            aggregate=row.aggregate,
            attempts=row.attempts,
            # The last line says what happened; the rest is for the log.
            error=row.error.strip().rpartition("\n")[2][:300],
            occurred_at=row.event.occurred_at,
        )
        for row in rows.select_related("event").order_by("id")[:limit]
    ]
