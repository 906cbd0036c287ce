"""The outbox: facts are written with the work that made them true, and told later."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from psycopg.types.json import Jsonb

from santong.kernel import facts, tenancy

_INSERT = """
INSERT INTO kernel_outboxevent
    (merchant_id, name, aggregate, body, actor, request_id, occurred_at)
SELECT %s, f.name, f.aggregate, f.body, %s, %s, %s
FROM unnest(%s::text[], %s::text[], %s::jsonb[]) WITH ORDINALITY AS f(name, aggregate, body, place)
ORDER BY f.place
"""


def publish(*told: object, now: datetime) -> None:
    """Write facts into the outbox, in the order given, as part of the open transaction.

    They are delivered at least once to every subscriber, in this order for each aggregate, if and
    only if the transaction commits.
    """
    if not told:
        return
    scope = tenancy.current()
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                scope.merchant_id,
                f"{scope.actor.kind}:{scope.actor.id}",
                scope.request_id,
                now,
                [facts.type_of(fact).name for fact in told],
                [facts.aggregate_of(fact) for fact in told],
                [Jsonb(facts.adapter(type(fact)).dump_python(fact, mode="json")) for fact in told],
            ],
        )
