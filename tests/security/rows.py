"""What a merchant's rows are, as a few numbers: equal numbers, equal rows."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg import sql

from santong.kernel import tenancy

# Being asked is noted there, whatever the answer: when a token was used, when a session was.
NOTES_USE = {"merchants_apitoken": "last_used_at", "merchants_session": "refreshed_at"}

# First answers, kept for whoever asks again with the same key: nothing of the merchant's.
ANSWERS = "kernel_idempotencykey"


def fingerprint(merchant_id: int) -> dict[str, str]:
    """A digest of every table's rows of one merchant, as the application sees them."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table != ANSWERS
        and any(field.column == "merchant_id" for field in model._meta.concrete_fields)
    )
    found: dict[str, str] = {}
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        for table in tables:
            query = sql.SQL(
                "SELECT md5(coalesce(string_agg((to_jsonb(t) - {0})::text, '|'"
                " ORDER BY to_jsonb(t)::text), '')) FROM {1} t WHERE t.merchant_id = {2}"
            ).format(
                sql.Literal(NOTES_USE.get(table, "")),
                sql.Identifier(table),
                sql.Literal(merchant_id),
            )
            cursor.execute(query.as_string(None))
            found[table] = cursor.fetchone()[0]
    return found
