"""Row-level security and grants: what PostgreSQL itself lets the application see and do."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from santong.kernel.cells import IDS_PER_CELL, Cell
from santong.kernel.models import MerchantOwned

POLICY = "only_the_merchants_own_rows"
_OWN = "merchant_id = nullif(current_setting('santong.merchant_id', true), '')::bigint"
_OWN_OR_SYSTEM = f"({_OWN} OR current_setting('santong.system', true) = 'on')"


def owned_models() -> list[type[MerchantOwned]]:
    """Every table whose rows belong to a merchant."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, MerchantOwned)
    ]


def secure_cell(owner: BaseDatabaseWrapper, *, cell: Cell, application_role: str) -> None:
    """Let the application's role work in a cell, and see no more than the scope's merchant.

    Runs after migrations, as the owner, as often as you like. Sequences are moved into the
    cell's own range of ids. A model whose migration is not written yet has no table to secure.
    """
    with owner.cursor() as cursor:
        for statement in _grants(cell, application_role):
            cursor.execute(statement)
        there = set(owner.introspection.table_names(cursor))
        for model in owned_models():
            if model._meta.db_table in there:
                for statement in _policies(model, application_role):
                    cursor.execute(statement)
        _claim_id_range(cursor, cell)


def _grants(cell: Cell, role: str) -> Iterable[sql.Composed]:
    names = {"schema": sql.Identifier(cell.schema), "role": sql.Identifier(role)}
    for text in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}",
        "GRANT USAGE ON SCHEMA directory TO {role}",
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA directory TO {role}",
        "GRANT UPDATE (code) ON directory.merchant TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA directory TO {role}",
    ):
        yield sql.SQL(text).format(**names)


def _policies(model: type[MerchantOwned], role: str) -> Iterable[sql.Composed]:
    condition = _OWN_OR_SYSTEM if model.visible_to_system else _OWN
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "policy": sql.Identifier(POLICY),
        "role": sql.Identifier(role),
        "condition": sql.SQL(condition),
    }
    texts = [
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS {policy} ON {table}",
        "CREATE POLICY {policy} ON {table} USING ({condition}) WITH CHECK ({condition})",
    ]
    if model.append_only:
        texts.append("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    for text in texts:
        yield sql.SQL(text).format(**names)


def _claim_id_range(cursor, cell: Cell) -> None:  # type: ignore[no-untyped-def]
    first = (cell.number - 1) * IDS_PER_CELL + 1
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'S' AND n.nspname = %s"
        " AND coalesce(pg_sequence_last_value(c.oid), 0) < %s"
        " AND (SELECT s.seqmax FROM pg_sequence s WHERE s.seqrelid = c.oid) > %s",
        [cell.schema, first, first + IDS_PER_CELL],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER SEQUENCE {s} RESTART WITH {n}").format(
                s=sql.Identifier(cell.schema, name), n=sql.Literal(first)
            )
        )
