"""What a merchant's rows are, as a few numbers: equal numbers, equal rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import psycopg
from django.apps import apps
from django.db import connection, connections
from psycopg import sql

from santong.kernel import tenancy

# Being asked is noted there, whatever the answer: when a token was used, when a session was.
NOTES_USE = {"merchants_apitoken": "last_used_at", "merchants_session": "refreshed_at"}

# First answers, kept for whoever asks again with the same key: nothing of the merchant's.
ANSWERS = "kernel_idempotencykey"


@dataclass
class Rows:
    """A merchant's rows as they were when somebody last looked."""

    merchant_id: int
    known: dict[str, str] = field(default_factory=dict)

    def changed(self) -> set[str]:
        """The tables in which something is not as it was; from now on it counts as known."""
        before, self.known = self.known, fingerprint(self.merchant_id)
        return {table for table, digest in self.known.items() if before.get(table) != digest}


def fingerprint(merchant_id: int) -> dict[str, str]:
    """A digest of every table's rows of one merchant, as the application sees them.

    There are hundreds of tables: they are asked in one statement, which is planned once.
    """
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        (path,) = cursor.fetchone()
    watching = _watching()
    watching.execute(
        "SELECT set_config('search_path', %s, false),"
        " set_config('santong.merchant_id', %s, false), set_config('santong.system', 'off', false)",
        (path, str(merchant_id)),
    )
    known = watching.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'fingerprint'")
    if known.fetchone() is None:
        watching.execute(_prepared())
    return dict(watching.execute(f"EXECUTE fingerprint({int(merchant_id)})").fetchall())


@cache
def _watching() -> psycopg.Connection:
    """A connection of the application's that no request closes."""
    wanted = ("host", "port", "user", "password", "dbname")
    params = connections["default"].get_connection_params()
    return psycopg.connect(
        **{name: params[name] for name in wanted if name in params}, autocommit=True
    )


def _prepared() -> str:
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table != ANSWERS
        and any(field.column == "merchant_id" for field in model._meta.concrete_fields)
    )
    each = [
        sql.SQL(
            "SELECT {0}, md5(coalesce(string_agg((to_jsonb(t) - {1})::text, '|'"
            " ORDER BY to_jsonb(t)::text), '')) FROM {2} t WHERE t.merchant_id = $1"
        ).format(sql.Literal(table), sql.Literal(NOTES_USE.get(table, "")), sql.Identifier(table))
        for table in tables
    ]
    whole = sql.SQL("PREPARE fingerprint(bigint) AS {0}").format(sql.SQL(" UNION ALL ").join(each))
    return whole.as_string(None)
