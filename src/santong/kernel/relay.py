"""The relay: tells each subscriber every fact of the log, at least once and in order.

A subscriber keeps a cursor: a window of settled transactions and an id in it; what it does not
hear is passed over without being read. The window ends below the oldest open transaction of this
database: below it none can still commit, so a late commit is never skipped.
Inside a window facts are read by id, which is the order in which they were written while their
aggregate was locked. Effects and cursor move in one transaction.

A fact that cannot be taken is parked with a growing pause; later facts of its aggregate wait
behind it, all others go on. After `ATTEMPTS` it is dead: visible, replayed or dropped by a person.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

import structlog
from django.db import connection, transaction
from django.db.models import Max, QuerySet

from santong.kernel import cells, facts, metrics, tenancy
from santong.kernel.models import OutboxCursor, OutboxEvent, OutboxParked

BATCH = 100
ATTEMPTS = 12
LONGEST_PAUSE = timedelta(minutes=30)

# Below this id every transaction that could have written here has ended. Open are those of the
# snapshot; they hold a lock on their own id, and one that a process of another database holds
# writes nothing here. The lock is looked at after the snapshot: who holds none yet, or no more,
# counts as ours.
_SETTLED = """
SELECT coalesce(min(open.id::text::bigint), min(pg_snapshot_xmax(seen.now)::text::bigint)) AS id
FROM (SELECT pg_current_snapshot() AS now) AS seen
LEFT JOIN LATERAL (
  SELECT x.id FROM pg_snapshot_xip(seen.now) AS x(id)
  WHERE NOT EXISTS (
    SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
    WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
      AND l.transactionid = x.id::xid
      AND a.datid <> (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
  )
) AS open ON true
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    id: int
    merchant_id: int
    name: str
    aggregate: str
    body: dict[str, object]
    actor: str
    request_id: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a subscriber hears next. Behind it, up to `ends_at`, nothing is for it."""

    window_from: int
    window_to: int
    last_id: int
    told: list[_Told]
    ends_at: int


def relay_once(*, cell: cells.Cell, batch: int = BATCH) -> int:
    """Tell each subscriber of a cell its next batch and what is due again; how many were taken.

    Several relays may run: a subscriber's cursor is locked while it moves. A larger batch is a
    longer transaction, which keeps what it locks from others for as long.
    """
    taken = 0
    for subscriber in facts.subscribers():
        taken += _tell_next(cell, subscriber, batch)
        taken += _tell_parked(cell, subscriber)
    return taken


def drain(*, cell: cells.Cell, wait_seconds: float = 0.0, rounds: int = 10_000) -> int:
    """Tell until nothing is left to tell now.

    A committed fact may be told only when every transaction of this database that began before
    it has ended: `wait_seconds` says how long to wait for these.
    """
    total = 0
    deadline = time.monotonic() + wait_seconds
    for _ in range(rounds):
        taken = relay_once(cell=cell)
        total += taken
        if not taken:
            if time.monotonic() >= deadline or not any(lag(cell=cell).values()):
                return total
            time.sleep(0.01)
    raise RuntimeError("facts are made faster than they are told")


def lag(*, cell: cells.Cell) -> dict[str, int]:
    """How many facts each subscriber has still to read."""
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        counts = {}
        for subscriber in facts.subscribers():
            cursor.execute(
                "SELECT count(*) FROM kernel_outboxevent e LEFT JOIN kernel_outboxcursor c"
                " ON c.subscriber = %s WHERE c.subscriber IS NULL"
                " OR e.transaction_id >= c.window_to"
                " OR (e.transaction_id >= c.window_from AND e.id > c.last_id)",
                [subscriber],
            )
            (counts[subscriber],) = cursor.fetchone()
        return counts


def replay_dead(*, merchant_id: int, parked_ids: Sequence[int], now: datetime) -> int:
    """Let dead facts be told again. Runs in the merchant's scope."""
    return OutboxParked.objects.filter(
        merchant_id=merchant_id, id__in=parked_ids, is_dead=True
    ).update(is_dead=False, attempts=0, next_at=now)


def drop_dead(*, merchant_id: int, parked_ids: Sequence[int]) -> int:
    """Give dead facts up, so that the later ones of their aggregates go on."""
    dropped, _ = OutboxParked.objects.filter(
        merchant_id=merchant_id, id__in=parked_ids, is_dead=True
    ).delete()
    return dropped


def prune(*, cell: cells.Cell, before: datetime) -> int:
    """Remove facts that every subscriber has read and that nobody has parked."""
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_outboxevent e WHERE e.occurred_at < %s"
            " AND e.transaction_id < (SELECT min(window_from) FROM kernel_outboxcursor)"
            " AND NOT EXISTS (SELECT FROM kernel_outboxparked p WHERE p.event_id = e.id)",
            [before],
        )
        return int(cursor.rowcount)


def _tell_next(cell: cells.Cell, subscriber: str, most: int) -> int:
    batch = _next_batch(cell, subscriber, most)
    taken = 0
    reached = batch.last_id
    for merchant_id, run in groupby(batch.told, key=lambda told: told.merchant_id):
        part = list(run)
        try:
            with tenancy.scope(merchant_id=merchant_id) as scope:
                if scope.cell != cell or not _hold_cursor(subscriber, batch, reached):
                    return taken
                _tell_run(subscriber, merchant_id, part)
                reached = batch.ends_at if part[-1] is batch.told[-1] else part[-1].id
                OutboxCursor.objects.filter(subscriber=subscriber).update(
                    last_id=reached, moved_at=datetime.now(UTC)
                )
        except cells.MerchantIsMoving:
            return taken
        taken += len(part)
    return taken


def _next_batch(cell: cells.Cell, subscriber: str, most: int) -> _Batch:
    with tenancy.system_scope(cell):
        place, _ = OutboxCursor.objects.get_or_create(subscriber=subscriber)
        found = _read(place, most + 1)
        if not found:
            place = _open_window(place)
            found = _read(place, most + 1)
        told = found[:most]
        ends_at = told[-1].id if told else place.last_id
        if told == found and told:
            ends_at = _in_window(place).aggregate(last=Max("id"))["last"]
        return _Batch(place.window_from, place.window_to, place.last_id, told, ends_at)


def _open_window(seen: OutboxCursor) -> OutboxCursor:
    """Begin where the last window ended; end below every transaction that may still commit.

    What nobody hears in front of the first fact that this subscriber hears is passed over.
    """
    place = OutboxCursor.objects.select_for_update().get(subscriber=seen.subscriber)
    if place.window_to != seen.window_to:
        return place
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH settled AS MATERIALIZED ({_SETTLED})"  # noqa: S608  a constant of ours
            " SELECT settled.id, heard.first_id, heard.last_id FROM settled, LATERAL ("
            "  SELECT min(e.id) FILTER (WHERE e.name = ANY(%s)) AS first_id, max(e.id) AS last_id"
            "  FROM kernel_outboxevent e"
            "  WHERE e.transaction_id >= %s AND e.transaction_id < settled.id) AS heard",
            [_heard_by(place.subscriber), place.window_to],
        )
        settled, first_id, last_id = cursor.fetchone()
    if last_id is not None:
        place.window_from, place.window_to = place.window_to, settled
        place.last_id = last_id if first_id is None else first_id - 1
        place.save()
    return place


def _read(place: OutboxCursor, most: int) -> list[_Told]:
    """The next facts of the window that the subscriber hears."""
    rows = (
        _in_window(place)
        .filter(id__gt=place.last_id, name__in=_heard_by(place.subscriber))
        .order_by("id")
        .values_list("id", "merchant_id", "name", "aggregate", "body", "actor", "request_id")
    )
    return [_Told(*row) for row in rows[:most]]


def _in_window(place: OutboxCursor) -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(
        transaction_id__gte=place.window_from, transaction_id__lt=place.window_to
    )


def _heard_by(subscriber: str) -> list[str]:
    return sorted(facts.subscribers()[subscriber])


def _hold_cursor(subscriber: str, batch: _Batch, reached: int) -> bool:
    """Lock the cursor; false if another relay holds it or has moved it."""
    place = (
        OutboxCursor.objects.select_for_update(skip_locked=True)
        .filter(subscriber=subscriber)
        .first()
    )
    return place is not None and (place.window_from, place.window_to, place.last_id) == (
        batch.window_from,
        batch.window_to,
        reached,
    )


def _tell_run(subscriber: str, merchant_id: int, run: Sequence[_Told]) -> None:
    waiting = set(
        OutboxParked.objects.filter(merchant_id=merchant_id, subscriber=subscriber).values_list(
            "aggregate", flat=True
        )
    )
    for told in run:
        if told.aggregate in waiting:
            _park(subscriber, told, attempts=0, error="")
            continue
        error = _try(subscriber, told)
        if error:
            _park(subscriber, told, attempts=1, error=error)
            waiting.add(told.aggregate)


def _try(subscriber: str, told: _Told) -> str:
    """Tell one fact under a savepoint; what went wrong, or nothing."""
    kind = facts.fact_types()[told.name]
    structlog.contextvars.bind_contextvars(request_id=told.request_id, fact=told.name)
    try:
        with transaction.atomic():
            facts.subscribers()[subscriber][told.name](
                facts.adapter(kind.cls).validate_python(told.body),
                merchant_id=told.merchant_id,
                now=datetime.now(UTC),
            )
    except Exception:  # noqa: BLE001  whatever a handler raises, the log goes on
        error = traceback.format_exc(limit=-6)
        log.warning("fact_not_taken", subscriber=subscriber, event_id=told.id, error=error)
        metrics.FACTS.labels(subscriber, "failed").inc()
        return error
    finally:
        structlog.contextvars.unbind_contextvars("request_id", "fact")
    metrics.FACTS.labels(subscriber, "taken").inc()
    return ""


def _park(subscriber: str, told: _Told, *, attempts: int, error: str) -> None:
    OutboxParked.objects.create(
        merchant_id=told.merchant_id,
        subscriber=subscriber,
        event_id=told.id,
        aggregate=told.aggregate,
        attempts=attempts,
        next_at=datetime.now(UTC) + pause_after(attempts),
        error=error,
    )


def pause_after(attempts: int) -> timedelta:
    """1, 2, 4 … seconds, never more than half an hour."""
    return min(timedelta(seconds=2 ** max(attempts - 1, 0)), LONGEST_PAUSE)


def _tell_parked(cell: cells.Cell, subscriber: str) -> int:
    taken = 0
    for merchant_id, parked_id in list(_due(cell, subscriber)):
        try:
            with tenancy.scope(merchant_id=merchant_id):
                taken += _retry(subscriber, parked_id)
        except cells.MerchantIsMoving:
            continue
    return taken


def _due(cell: cells.Cell, subscriber: str) -> Iterator[tuple[int, int]]:
    """The oldest parked fact of each aggregate, where its time has come."""
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(
            "SELECT merchant_id, id FROM ("
            "  SELECT DISTINCT ON (merchant_id, aggregate) merchant_id, id, next_at, is_dead"
            "  FROM kernel_outboxparked WHERE subscriber = %s"
            "  ORDER BY merchant_id, aggregate, event_id) heads"
            " WHERE NOT is_dead AND next_at <= %s ORDER BY next_at LIMIT %s",
            [subscriber, datetime.now(UTC), BATCH],
        )
        yield from cursor.fetchall()


def _retry(subscriber: str, parked_id: int) -> int:
    parked = (
        OutboxParked.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .filter(id=parked_id, is_dead=False)
        .first()
    )
    if parked is None:
        return 0
    event = parked.event
    told = _Told(
        event.id,
        event.merchant_id,
        event.name,
        event.aggregate,
        event.body,
        event.actor,
        event.request_id,
    )
    error = _try(subscriber, told)
    if not error:
        parked.delete()
        return 1
    parked.attempts += 1
    parked.is_dead = parked.attempts >= ATTEMPTS
    parked.next_at = datetime.now(UTC) + pause_after(parked.attempts)
    parked.error = error
    parked.save()
    if parked.is_dead:
        log.error("fact_is_dead", subscriber=subscriber, event_id=event.id, fact=event.name)
    return 0
