"""Lock first: accounts in the order of their ids, in a statement of their own.

What is written comes in the next statement, which begins when everything is locked and therefore
sees the newest version of every row and of every lot. Sinks are not locked: nothing of them
changes. Lots and holds change under the lock of their account only.
"""

from __future__ import annotations

from collections.abc import Iterable

from santong.kernel.wire import Statement
from santong.payments.contracts import AccountKey
from santong.payments.selectors.statements import numbers, run, texts, values_of

LOCK = """
SELECT a.id, a.asset_id, s.code, a.kind, a.owner, a.kept_as, a.posted, a.held
FROM unnest(%(assets)s::text[], %(kinds)s::text[], %(owners)s::text[]) AS w(asset, kind, owner)
JOIN payments_asset s ON s.merchant_id = %(merchant)s AND s.code = w.asset
JOIN payments_account a ON a.merchant_id = %(merchant)s AND a.asset_id = s.id
  AND a.kind = w.kind AND a.owner = w.owner AND a.kept_as <> 'sum'
ORDER BY a.id
FOR NO KEY UPDATE OF a
"""
_BY_KEY = Statement(LOCK)
_BY_ID = Statement("""
SELECT id FROM payments_account
WHERE merchant_id = %(merchant)s AND id = ANY(%(ids)s::bigint[]) AND kept_as <> 'sum'
ORDER BY id FOR NO KEY UPDATE
""")
_UNLESS_BUSY = Statement("""
SELECT id FROM payments_account
WHERE merchant_id = %(merchant)s AND id = ANY(%(ids)s::bigint[])
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
""")


def lock_with_the_next(*, merchant_id: int, accounts: Iterable[AccountKey]) -> None:
    """Take accounts on the way of the next statement; those that are not there are left out."""
    _BY_KEY.later(values_of(_keys(merchant_id, accounts)))


def lock_keys(*, merchant_id: int, accounts: Iterable[AccountKey]) -> dict[AccountKey, int]:
    """Take accounts now, and say which id each has; those that are not there are left out."""
    rows = run(_BY_KEY, _keys(merchant_id, accounts))
    return {AccountKey(asset, kind, owner): row_id for row_id, _, asset, kind, owner, *_ in rows}


def lock_ids(*, merchant_id: int, account_ids: Iterable[int]) -> None:
    """Take accounts by their ids."""
    run(_BY_ID, {"merchant": merchant_id, "ids": numbers(sorted(set(account_ids)))})


def lock_ids_unless_busy(*, merchant_id: int, account_ids: Iterable[int]) -> set[int]:
    """Take accounts that nobody works on; say which those are."""
    rows = run(_UNLESS_BUSY, {"merchant": merchant_id, "ids": numbers(sorted(set(account_ids)))})
    return {row_id for (row_id,) in rows}


def _keys(merchant_id: int, accounts: Iterable[AccountKey]) -> dict[str, str | int]:
    ordered = list(dict.fromkeys(accounts))
    return {
        "merchant": merchant_id,
        "assets": texts([account.asset for account in ordered]),
        "kinds": texts([account.kind for account in ordered]),
        "owners": texts([account.owner for account in ordered]),
    }
