"""What must hold of a cell as a whole: its walls, its log, its jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from santong.kernel import cells, tenancy
from santong.kernel.doctor import Finding
from santong.kernel.models import OutboxParked
from santong.kernel.relay import lag
from santong.kernel.rowsecurity import owned_models

LONGEST_LAG = timedelta(minutes=5)


def check_cell(*, cell: cells.Cell) -> list[Finding]:
    """What is wrong with a cell's row-level security, its outbox or its parked facts."""
    return [*_unwalled_tables(cell), *_dead_facts(cell), *_unread_facts(cell)]


def _unwalled_tables(cell: cells.Cell) -> list[Finding]:
    """Tables of merchants' rows that PostgreSQL does not guard."""
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relrowsecurity AND c.relforcerowsecurity"
            " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)",
            [cell.schema],
        )
        walled = {name for (name,) in cursor.fetchall()}
    missing = sorted({model._meta.db_table for model in owned_models()} - walled)
    return [
        Finding("kernel", "every table of merchants' rows has row-level security", name)
        for name in missing
    ]


def _dead_facts(cell: cells.Cell) -> list[Finding]:
    with tenancy.system_scope(cell):
        dead = OutboxParked.objects.filter(is_dead=True).values_list(
            "subscriber", "event_id", "aggregate"
        )[:20]
        return [
            Finding(
                "kernel", "no fact is dead", f"{subscriber} could not take {event} ({aggregate})"
            )
            for subscriber, event, aggregate in dead
        ]


def _unread_facts(cell: cells.Cell) -> list[Finding]:
    """Facts that wait though nothing is wrong with them, as when no relay runs."""
    behind = {subscriber: count for subscriber, count in lag(cell=cell).items() if count}
    if not behind:
        return []
    with tenancy.system_scope(cell), connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.occurred_at) FROM kernel_outboxevent e"
            " WHERE e.transaction_id >= (SELECT min(window_to) FROM kernel_outboxcursor)"
        )
        (oldest,) = cursor.fetchone()
    if oldest is None or datetime.now(UTC) - oldest < LONGEST_LAG:
        return []
    return [
        Finding("kernel", "facts are told within minutes", f"{count} wait for {subscriber}")
        for subscriber, count in behind.items()
    ]
