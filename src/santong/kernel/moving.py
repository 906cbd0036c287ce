"""A merchant moves to another cell: all of its rows, in one transaction, while others work on.

Freeze. The mover takes for itself the lock that every scope of the merchant shares (`cells.py`). It
waits for the scopes that are open; from then on none opens: who tries is told at once that the
merchant is moving and comes back later. The lock belongs to the mover's transaction, so the freeze
ends with it, also when the mover dies.

Switch. Copy, count, remove and the new line in the directory are one transaction. A process that
still remembers the old cell is corrected when it opens its next scope: `directory.stay` compares.

What was told. Ids stay as they are, with one exception: facts that some subscriber of the old cell
has not read yet get a new place at the end of the new cell's log, so that every subscriber there
reads them, in order and before whatever the merchant does next. A subscriber may hear one of them
twice; facts are told at least once. What everybody has read comes along as history, before all
windows. Jobs in the old cell's queue find their merchant by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from santong.kernel import cells, facts
from santong.kernel.models import (
    AuditEntry,
    MerchantOwned,
    OutboxCursor,
    OutboxEvent,
    OutboxParked,
)
from santong.kernel.rowsecurity import owned_models

PATIENCE = "30s"
# Cursors begin at 0: no subscriber reads a fact that was written before.
BEFORE_ALL_WINDOWS = -1


class CannotMove(RuntimeError):
    """The merchant stays where it is; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows by table."""

    rows_by_table: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(self.rows_by_table.values())


def move_merchant(
    owner: BaseDatabaseWrapper, *, merchant_id: int, to: cells.Cell, now: datetime
) -> Moved:
    """Move a merchant with all of its rows to another cell, as the owner of the tables.

    Raises CannotMove, `cells.UnknownMerchant`. Locks the merchant against every scope.
    """
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL lock_timeout TO {}").format(sql.Literal(PATIENCE)))
        cursor.execute(cells.KEEP_OUT, [merchant_id])
        home = _home_of(cursor, merchant_id)
        if home == to:
            raise CannotMove("it lives there already")
        _look_at(cursor, merchant_id)
        tables = _tables(cursor, home, to)
        for table in tables:
            _refuse_leftovers(cursor, table, merchant_id)
        untold = _untold(cursor, home, merchant_id)
        moved = {table.name: _copy(cursor, table, merchant_id) for table in tables}
        _tell_again(cursor, to, merchant_id, untold)
        for table in reversed(tables):
            _remove(cursor, table, merchant_id, moved[table.name])
        cursor.execute(
            "UPDATE directory.merchant SET cell_number = %s WHERE id = %s",
            [to.number, merchant_id],
        )
        cursor.execute(
            sql.SQL("SET LOCAL search_path TO {}, public").format(sql.Identifier(to.schema))
        )
        AuditEntry.objects.using(owner.alias).create(
            merchant_id=merchant_id,
            at=now,
            actor_kind="system",
            actor_id="cells",
            actor_name="cells move",
            action="kernel.move_merchant",
            subject="merchant",
            subject_id=merchant_id,
            reason="moved to another cell",
            before={"cell": home.name},
            after={"cell": to.name, "rows": sum(moved.values())},
            request_id="",
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cells.forget(merchant_id)
    return Moved(moved)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table in both cells."""

    name: str
    columns: Sequence[str]
    source: sql.Identifier
    target: sql.Identifier


def _home_of(cursor: CursorWrapper, merchant_id: int) -> cells.Cell:
    cursor.execute(
        "SELECT c.number, c.name, c.schema_name FROM directory.merchant m"
        " JOIN directory.cell c ON c.number = m.cell_number WHERE m.id = %s FOR UPDATE OF m",
        [merchant_id],
    )
    found = cursor.fetchone()
    if found is None:
        raise cells.UnknownMerchant(merchant_id)
    return cells.Cell(*found)


def _look_at(cursor: CursorWrapper, merchant_id: int) -> None:
    """The owner, too, sees one merchant's rows only. Keys are checked at the end."""
    cursor.execute(
        sql.SQL(
            "SET LOCAL santong.merchant_id TO {};"
            "SET LOCAL santong.system TO 'off';"
            "SET CONSTRAINTS ALL DEFERRED"
        ).format(sql.Literal(str(merchant_id)))
    )


def _tables(cursor: CursorWrapper, home: cells.Cell, to: cells.Cell) -> list[_Table]:
    """The merchants' tables, which must be the same in both cells."""
    tables = []
    for model in _parents_first(owned_models()):
        name = model._meta.db_table
        columns = _columns(cursor, name, home)
        if columns != _columns(cursor, name, to):
            raise CannotMove(f"{name} differs between the cells: run migrate_cells")
        if columns:
            source, target = sql.Identifier(home.schema, name), sql.Identifier(to.schema, name)
            tables.append(_Table(name, columns, source, target))
    return tables


def _parents_first(unordered: Sequence[type[MerchantOwned]]) -> Iterator[type[MerchantOwned]]:
    """Tables in an order in which each comes after those that its keys point at."""
    placed: set[type[models.Model]] = set()

    def place(model: type[MerchantOwned]) -> Iterator[type[MerchantOwned]]:
        if model in placed:
            return
        placed.add(model)
        for field in model._meta.concrete_fields:
            parent = field.related_model
            if isinstance(parent, type) and issubclass(parent, MerchantOwned):
                yield from place(parent)
        yield model

    for model in unordered:
        yield from place(model)


def _columns(cursor: CursorWrapper, table: str, cell: cells.Cell) -> Sequence[str]:
    """What is copied: every column that PostgreSQL does not work out itself."""
    cursor.execute(
        "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0"
        " AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attname",
        [cell.schema, table],
    )
    return [name for (name,) in cursor.fetchall()]


def _refuse_leftovers(cursor: CursorWrapper, table: _Table, merchant_id: int) -> None:
    cursor.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE merchant_id = %s)").format(table.target),
        [merchant_id],
    )
    if cursor.fetchone() == (True,):
        raise CannotMove(f"{table.name} of the other cell has rows of the merchant already")


def _copy(cursor: CursorWrapper, table: _Table, merchant_id: int) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    cursor.execute(
        sql.SQL(
            "INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE"
            " SELECT {columns} FROM {source} WHERE merchant_id = %s"
        ).format(target=table.target, source=table.source, columns=columns),
        [merchant_id],
    )
    return int(cursor.rowcount)


def _remove(cursor: CursorWrapper, table: _Table, merchant_id: int, copied: int) -> None:
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE merchant_id = %s").format(table.source), [merchant_id]
    )
    if cursor.rowcount != copied:
        raise CannotMove(f"{table.name}: {copied} rows were copied, {cursor.rowcount} removed")


def _untold(cursor: CursorWrapper, home: cells.Cell, merchant_id: int) -> list[int]:
    """The facts that some subscriber has not read yet, in the order in which they were written."""
    cursor.execute(
        sql.SQL(
            "SELECT e.id FROM {event} e WHERE e.merchant_id = %s AND EXISTS ("
            " SELECT FROM unnest(%s::text[]) AS s(name)"
            " LEFT JOIN {cursor} c ON c.subscriber = s.name WHERE c.subscriber IS NULL"
            " OR e.transaction_id >= c.window_to"
            " OR (e.transaction_id >= c.window_from AND e.id > c.last_id)) ORDER BY e.id"
        ).format(
            event=sql.Identifier(home.schema, OutboxEvent._meta.db_table),
            cursor=sql.Identifier(home.schema, OutboxCursor._meta.db_table),
        ),
        [merchant_id, list(facts.subscribers())],
    )
    return [event_id for (event_id,) in cursor.fetchall()]


def _tell_again(
    cursor: CursorWrapper, to: cells.Cell, merchant_id: int, untold: Sequence[int]
) -> None:
    """Give facts a new place at the end of the log; a parked fact keeps the old one, too."""
    names = {
        "event": sql.Identifier(to.schema, OutboxEvent._meta.db_table),
        "parked": sql.Identifier(to.schema, OutboxParked._meta.db_table),
        "columns": sql.SQL("merchant_id, name, aggregate, body, actor, request_id, occurred_at"),
    }
    cursor.execute(
        sql.SQL(
            "INSERT INTO {event} ({columns}) SELECT {columns} FROM {event}"
            " WHERE merchant_id = %s AND id = ANY(%s) ORDER BY id"
        ).format(**names),
        [merchant_id, list(untold)],
    )
    cursor.execute(
        sql.SQL(
            "UPDATE {event} SET transaction_id = {before} WHERE merchant_id = %s"
            " AND transaction_id <> (pg_current_xact_id()::text)::bigint"
        ).format(before=sql.Literal(BEFORE_ALL_WINDOWS), **names),
        [merchant_id],
    )
    cursor.execute(
        sql.SQL(
            "DELETE FROM {event} e WHERE e.merchant_id = %s AND e.id = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM {parked} p WHERE p.event_id = e.id)"
        ).format(**names),
        [merchant_id, list(untold)],
    )
