"""Many rows at once, for imports: what is new is inserted, what is there is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, models
from psycopg import sql

from santong.kernel.models import MerchantOwned, MerchantQuerySet

M = TypeVar("M", bound=models.Model)
Owned = TypeVar("Owned", bound=MerchantOwned)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged(Generic[Owned]):
    """Rows by code: all that were asked for, the new ones, and what differed in the others."""

    by_code: Mapping[str, Owned]
    created: Mapping[str, Owned]
    before_by_code: Mapping[str, Values]


def different(stored: Owned, wanted: Owned, fields: Sequence[str]) -> Values:
    """What a row is to become, where that is not what it is."""
    return {
        field: getattr(wanted, field)
        for field in fields
        if getattr(wanted, field) != getattr(stored, field)
    }


def merge(
    wanted: Sequence[Owned],
    *,
    fields: Sequence[str],
    differences: Callable[[Owned, Owned, Sequence[str]], Values] = different,
    also: Callable[[Owned], Values],
) -> Merged[Owned]:
    """Insert rows of one merchant with new codes; lock the others, and overwrite what differs.

    `also` says what else is written in a row of which something differs.
    """
    created = {_code(row): row for row in insert_new(wanted, unique=["merchant_id", "code"])}
    there = {_code(row): row for row in wanted if _code(row) not in created}
    if not there:
        return Merged(created, created, {})
    rows: MerchantQuerySet[Owned] = MerchantQuerySet(type(wanted[0]))
    same = rows.of_merchant(wanted[0].merchant_id).filter(code__in=there)
    stored: dict[str, Owned] = {_code(row): row for row in same.lock()}
    before_by_code: dict[str, Values] = {}
    for code, row in stored.items():
        after = differences(row, there[code], fields)
        if after:
            before_by_code[code] = {field: getattr(row, field) for field in after}
            for field, value in {**after, **also(row)}.items():
                setattr(row, field, value)
    if before_by_code:
        changed = [stored[code] for code in before_by_code]
        overwrite(changed, fields=[*fields, *also(changed[0])])
    return Merged({**created, **stored}, created, before_by_code)


def insert_new(rows: Sequence[M], *, unique: Sequence[str]) -> list[M]:
    """Insert the rows whose unique key is free, and give those with their ids.

    Rows go in in the order of the key, so two inserts of the same keys wait for one another instead
    of blocking one another: the second finds the first's rows there.
    """
    if not rows:
        return []
    fields: list[Any] = [f for f in rows[0]._meta.concrete_fields if not f.primary_key]
    keys = [rows[0]._meta.get_field(name).attname for name in unique]  # type: ignore[union-attr]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM unnest({arrays}) AS new({columns})"
        " ORDER BY {keys} ON CONFLICT ({keys}) DO NOTHING RETURNING id, {keys}"
    ).format(
        table=sql.Identifier(rows[0]._meta.db_table),
        columns=_names([field.column for field in fields]),
        arrays=_arrays(fields),
        keys=_names(keys),
    )
    row_by_key = {tuple(getattr(row, key) for key in keys): row for row in rows}
    assert len(row_by_key) == len(rows), "a key stands in one row"
    inserted: list[M] = []
    for row_id, *key in _run(statement, rows, fields):
        row = row_by_key[tuple(key)]
        row.pk = row_id
        inserted.append(row)
    return inserted


def overwrite(rows: Sequence[M], *, fields: Sequence[str]) -> None:
    """Write some fields of rows that are locked already."""
    if not rows:
        return
    of_row = rows[0]._meta
    key = of_row.pk
    assert key is not None
    written: list[Any] = [of_row.get_field(name) for name in fields]
    statement = sql.SQL(
        "UPDATE {table} AS old SET {assignments} FROM unnest({arrays}) AS new({columns})"
        " WHERE old.id = new.id RETURNING old.id"
    ).format(
        table=sql.Identifier(of_row.db_table),
        assignments=sql.SQL(", ").join(
            sql.SQL("{name} = new.{name}").format(name=sql.Identifier(field.column))
            for field in written
        ),
        arrays=_arrays([key, *written]),
        columns=_names(["id", *(field.column for field in written)]),
    )
    found = _run(statement, rows, [key, *written])
    assert len(found) == len(rows), "rows to overwrite are there"


def _code(row: MerchantOwned) -> str:
    code: str = getattr(row, "code")  # noqa: B009  not every table of a merchant has codes
    return code


def _run(statement: sql.Composed, rows: Sequence[M], fields: Sequence[Any]) -> list[Any]:
    columns = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
        found: list[Any] = cursor.fetchall()
        return found


def _arrays(fields: Sequence[Any]) -> sql.Composed:
    """A cast to varchar(60) would cut in silence; varchar lets the column refuse."""
    kinds: list[str] = [field.rel_db_type(connection) for field in fields]
    return sql.SQL(", ").join(
        sql.SQL("%s::{}[]").format(sql.SQL(kind.partition("(")[0])) for kind in kinds
    )


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
