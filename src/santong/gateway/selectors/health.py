"""How the lines fare: counts, rates and times of a window, alarms, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Min, Q

from santong.gateway import contracts
from santong.gateway.contracts import BREAKER_STATES, DIRECTIONS
from santong.gateway.models import Alarm, Breaker, Call, Connection, MemberSync, Operation
from santong.gateway.rules.alarm import Counts, percentage
from santong.kernel.wire import Statement

_COUNT = Statement("""
SELECT count(*), count(*) FILTER (WHERE outcome = 'failed') FROM gateway_call
WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
  AND at > %(since)s::timestamptz
""")
_HEALTH = Statement("""
SELECT connection_id, direction, method, count(*), count(*) FILTER (WHERE outcome = 'failed'),
  percentile_disc(0.95) WITHIN GROUP (ORDER BY milliseconds)
FROM gateway_call
WHERE merchant_id = %(merchant)s::bigint AND at > %(since)s::timestamptz
  AND connection_id = ANY (SELECT id FROM gateway_connection
    WHERE merchant_id = %(merchant)s::bigint
      AND id = coalesce(%(connection)s::bigint, id))
GROUP BY connection_id, direction, method
ORDER BY connection_id, direction, method
LIMIT 1000
""")
# How many wait on each connection, and since when.
Queue = Mapping[int, tuple[int, datetime]]
_UNENDED: Final = Q(wanted__gt=F("sent"))


def counts_since(*, merchant_id: int, connection_id: int, since: datetime) -> Counts:
    """Calls of a connection after an instant, and how many of them failed."""
    ((calls, failures),) = _COUNT.rows(
        {
            "merchant": str(merchant_id),
            "connection": str(connection_id),
            "since": since.isoformat(),
        }
    )
    return Counts(calls=calls, failures=failures)


def connections_to_judge(*, merchant_id: int, since: datetime) -> list[int]:
    """Connections of which a call has failed since an instant, or whose alarm is open, by id."""
    failed = (
        Call.objects.of_merchant(merchant_id)
        .filter(at__gt=since, outcome="failed", connection_id__in=_ids(merchant_id))
        .values_list("connection_id", flat=True)
    )
    ringing = (
        Alarm.objects.of_merchant(merchant_id)
        .filter(closed_at=None)
        .values_list("connection_id", flat=True)
    )
    return sorted({*failed.distinct(), *ringing})


def health(
    *, merchant_id: int, since: datetime, connection_id: int | None = None
) -> list[contracts.Health]:
    """Calls, failures, rate and time of each method since an instant; of one connection or all."""
    rows = _HEALTH.rows(
        {
            "merchant": str(merchant_id),
            "connection": str(connection_id) if connection_id is not None else None,
            "since": since.isoformat(),
        }
    )
    return [
        contracts.Health(
            connection_id=connection,
            direction=DIRECTIONS[DIRECTIONS.index(direction)],
            method=method,
            calls=calls,
            failures=failures,
            percentage=percentage(counts=Counts(calls=calls, failures=failures)),
            p95_ms=p95,
        )
        for connection, direction, method, calls, failures, p95 in rows
    ]


def line_states(*, merchant_id: int, connection_id: int | None = None) -> list[contracts.LineState]:
    """Each connection's breaker and queue, oldest connection first."""
    breakers = Breaker.objects.of_merchant(merchant_id).order_by("connection_id")
    if connection_id is not None:
        breakers = breakers.filter(connection_id=connection_id)
    syncs = _waiting(MemberSync.objects.of_merchant(merchant_id).filter(_UNENDED), "changed_at")
    operations = _waiting(
        Operation.objects.of_merchant(merchant_id).filter(state="waiting"), "created_at"
    )
    return [_line_state(row, (syncs, operations)) for row in breakers]


def calls_of(
    *,
    merchant_id: int,
    connection_id: int,
    before_id: int,
    limit: int,
    only_failures: bool = False,
) -> list[contracts.LoggedCall]:
    """The log of a connection, newest first, below an id."""
    rows = Call.objects.of_merchant(merchant_id).filter(
        connection_id=connection_id, id__lt=before_id
    )
    if only_failures:
        rows = rows.filter(outcome="failed")
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def alarms(
    *, merchant_id: int, before_id: int, limit: int, only_open: bool = False
) -> list[contracts.Alarm]:
    """Alarms, newest first, below an id."""
    rows = Alarm.objects.of_merchant(merchant_id).filter(id__lt=before_id)
    if only_open:
        rows = rows.filter(closed_at=None)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def _ids(merchant_id: int) -> Any:
    """By connection, so that the log's index is used."""
    return Connection.objects.of_merchant(merchant_id).values("id")


def _line_state(row: Breaker, queues: Sequence[Queue]) -> contracts.LineState:
    found = [queue[row.connection_id] for queue in queues if row.connection_id in queue]
    return contracts.LineState(
        connection_id=row.connection_id,
        breaker=BREAKER_STATES[BREAKER_STATES.index(row.state)],
        rests_until=row.rests_until,
        waiting=sum(waiting for waiting, _ in found),
        oldest_at=min((oldest for _, oldest in found), default=None),
    )


def _waiting(rows: Any, since: str) -> Queue:
    found = rows.values("connection_id").annotate(waiting=Count("id"), oldest=Min(since))
    return {each["connection_id"]: (each["waiting"], each["oldest"]) for each in found}
