"""The outbox: facts are written with the work that made them true, and told later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from santong.kernel import facts, tenancy
from santong.kernel.models import OutboxEvent
from santong.kernel.wire import Statement, texts

STATEMENT = """
INSERT INTO kernel_outboxevent
    (merchant_id, name, aggregate, body, actor, request_id, occurred_at)
SELECT %(merchant)s, f.name, f.aggregate, f.body::jsonb, %(actor)s, %(request)s,
    %(now)s::timestamptz
FROM unnest(%(names)s::text[], %(aggregates)s::text[], %(bodies)s::text[])
    WITH ORDINALITY AS f(name, aggregate, body, place)
ORDER BY f.place
"""
_INSERT = Statement(STATEMENT)


def publish(*told: object, now: datetime) -> None:
    """Write facts into the outbox, in the order given, as part of the open transaction.

    They are delivered at least once to every subscriber, in this order for each aggregate, if and
    only if the transaction commits.
    """
    if not told:
        return
    scope = tenancy.current()
    assert connection.in_atomic_block
    _INSERT.later(
        {
            "merchant": str(scope.merchant_id),
            "actor": f"{scope.actor.kind}:{scope.actor.id}",
            "request": scope.request_id,
            "now": now.isoformat(),
            "names": texts(facts.type_of(fact).name for fact in told),
            "aggregates": texts(facts.aggregate_of(fact) for fact in told),
            "bodies": texts(facts.body_of(fact) for fact in told),
        }
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in the log, for reading."""

    at: datetime
    actor: str
    name: str
    body: Mapping[str, Any]


def told_of(*, merchant_id: int, aggregate: str) -> list[Told]:
    """What was told of one thing (`order_id:17`) and is still in the log, oldest first."""
    rows = OutboxEvent.objects.filter(merchant_id=merchant_id, aggregate=aggregate).order_by("id")
    return [Told(row.occurred_at, row.actor, row.name, row.body) for row in rows]
