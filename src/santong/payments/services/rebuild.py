"""Replay the log, and compare or repair what is kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from psycopg import sql

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import Difference
from santong.payments.selectors.replay import (
    ACCOUNTS,
    COLUMNS_OF_ACCOUNTS,
    COLUMNS_OF_LOTS,
    LOTS,
)

_REPLAYS = (
    ("payments_account", "replayed_account", ACCOUNTS, COLUMNS_OF_ACCOUNTS),
    ("payments_lot", "replayed_lot", LOTS, COLUMNS_OF_LOTS),
)
_LOCK = "SELECT FROM payments_account WHERE merchant_id = %s ORDER BY id FOR NO KEY UPDATE"
_REPAIR = (
    """
UPDATE payments_account a SET posted = r.log_posted, held = r.log_held
FROM replayed_account r WHERE r.id = a.id AND a.merchant_id = %(merchant)s
  AND (r.posted, r.held) IS DISTINCT FROM (r.log_posted, r.log_held)
""",
    """
DELETE FROM payments_lot l USING replayed_lot r
WHERE r.id = l.id AND l.merchant_id = %(merchant)s AND r.log_amount IS NULL
""",
    """
INSERT INTO payments_lot
  (id, merchant_id, asset_id, account_id, txn_id, amount, rest, held, expires_at)
SELECT id, %(merchant)s, log_asset_id, log_account_id, log_txn_id, log_amount, log_rest, log_held,
  log_expires_at
FROM replayed_lot WHERE log_amount IS NOT NULL
ON CONFLICT (id) DO UPDATE SET asset_id = excluded.asset_id, account_id = excluded.account_id,
  txn_id = excluded.txn_id, amount = excluded.amount, rest = excluded.rest, held = excluded.held,
  expires_at = excluded.expires_at
WHERE (payments_lot.asset_id, payments_lot.account_id, payments_lot.txn_id, payments_lot.amount,
  payments_lot.rest, payments_lot.held, payments_lot.expires_at) IS DISTINCT FROM
  (excluded.asset_id, excluded.account_id, excluded.txn_id, excluded.amount, excluded.rest,
  excluded.held, excluded.expires_at)
""",
)


@all_or_nothing
def rebuild(*, merchant_id: int) -> list[Difference]:
    """Replay the log into temporary tables, and say where what is stored is not the same.

    Every column of every account's balance and of every lot is compared. Others may post
    meanwhile. Locks nothing.
    """
    _replay(merchant_id)
    return _differences()


@all_or_nothing
def repair(*, merchant_id: int, reason: str, now: datetime) -> list[Difference]:
    """Make balances and lots what the log says, and say what they were.

    Writes the differences into the audit trail. Locks all accounts of the merchant.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [merchant_id])
    _replay(merchant_id)
    found = _differences()
    if not found:
        return []
    with connection.cursor() as cursor:
        for statement in _REPAIR:
            cursor.execute(statement, {"merchant": merchant_id})
    audit.record(*(_change(difference, reason) for difference in found), now=now)
    return found


def _change(difference: Difference, reason: str) -> audit.Change:
    return audit.Change(
        action="payments.repair_ledger",
        subject=difference.table,
        subject_id=difference.row_id,
        reason=reason,
        before={difference.column: difference.stored},
        after={difference.column: difference.replayed},
    )


def _replay(merchant_id: int) -> None:
    with connection.cursor() as cursor:
        for _, replayed, select, _ in _REPLAYS:
            name = sql.Identifier(replayed)
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(name))
            cursor.execute(
                sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS {}").format(
                    name, sql.SQL(select.replace("%(merchant)s", str(int(merchant_id))))
                )
            )


def _differences() -> list[Difference]:
    return [
        Difference(table, row_id, column, stored, log)
        for table, replayed, _, columns in _REPLAYS
        for column in columns
        for row_id, stored, log in _of_column(replayed, column)
    ]


def _of_column(replayed: str, column: str) -> Sequence[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT id, coalesce({stored}::text, ''), coalesce({log}::text, '') FROM {replayed}"
                " WHERE {stored} IS DISTINCT FROM {log} ORDER BY id"
            ).format(
                stored=sql.Identifier(column),
                log=sql.Identifier(f"log_{column}"),
                replayed=sql.Identifier(replayed),
            )
        )
        rows: list[tuple[int, str, str]] = cursor.fetchall()
        return rows
