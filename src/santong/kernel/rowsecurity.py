"""Row-level security and grants: what PostgreSQL itself lets the application see and do."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
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

    Runs after migrations, as the owner, as often as you like; what stands already is left alone,
    so that a live system neither waits nor sees a table without its policy. Sequences are moved
    into the cell's own range of ids. A model whose migration is not written yet has no table.
    """
    with owner.cursor() as cursor:
        there = set(owner.introspection.table_names(cursor))
        models = [model for model in owned_models() if model._meta.db_table in there]
        for statement in _grants(cell, application_role):
            cursor.execute(statement)
        append_only = {model._meta.db_table for model in models if model.append_only}
        for table in sorted(there):
            may_change = table not in append_only
            for statement in _grants_on(cell, table, application_role, may_change=may_change):
                cursor.execute(statement)
        standing = _policies_of(cursor, cell)
        for model in models:
            condition = _OWN_OR_SYSTEM if model.visible_to_system else _OWN
            if standing.get(model._meta.db_table) != condition:
                with transaction.atomic(using=owner.alias):
                    for statement in _secure(model, condition):
                        cursor.execute(statement)
        _claim_id_range(cursor, cell)


def _grants(cell: Cell, role: str) -> Iterable[sql.Composed]:
    names = {"schema": sql.Identifier(cell.schema), "role": sql.Identifier(role)}
    for text in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}",
        "GRANT USAGE ON SCHEMA directory TO {role}",
        "GRANT SELECT ON directory.cell TO {role}",
        "GRANT SELECT, INSERT, UPDATE (code) ON directory.merchant TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON directory.attempt TO {role}",
        "GRANT SELECT, INSERT, DELETE ON directory.name TO {role}",
        "GRANT SELECT, INSERT ON directory.signing_key TO {role}",
        "GRANT EXECUTE ON FUNCTION directory.stay TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA directory TO {role}",
    ):
        yield sql.SQL(text).format(**names)


def _grants_on(cell: Cell, table: str, role: str, *, may_change: bool) -> Iterable[sql.Composed]:
    names = {"table": sql.Identifier(cell.schema, table), "role": sql.Identifier(role)}
    if may_change:
        yield sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}").format(**names)
    else:
        yield sql.SQL("GRANT SELECT, INSERT ON {table} TO {role}").format(**names)
        yield sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}").format(**names)


def _policies_of(cursor: CursorWrapper, cell: Cell) -> dict[str, str]:
    """The condition that we last gave to each fully secured table: the policy's comment."""
    cursor.execute(
        "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p"
        " JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity",
        [cell.schema, POLICY],
    )
    return dict(cursor.fetchall())


def _secure(model: type[MerchantOwned], condition: str) -> Iterable[sql.Composed]:
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "policy": sql.Identifier(POLICY),
        "condition": sql.SQL(condition),
        "comment": sql.Literal(condition),
    }
    for text in (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS {policy} ON {table}",
        "CREATE POLICY {policy} ON {table} USING ({condition}) WITH CHECK ({condition})",
        "COMMENT ON POLICY {policy} ON {table} IS {comment}",
    ):
        yield sql.SQL(text).format(**names)


def _claim_id_range(cursor: CursorWrapper, cell: Cell) -> None:
    first = (cell.number - 1) * IDS_PER_CELL + 1
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_sequence s ON s.seqrelid = c.oid"
        " WHERE n.nspname = %s AND s.seqstart < %s AND s.seqmax > %s",
        [cell.schema, first, first + IDS_PER_CELL],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("ALTER SEQUENCE {s} START WITH {n} RESTART").format(
                s=sql.Identifier(cell.schema, name), n=sql.Literal(first)
            )
        )
