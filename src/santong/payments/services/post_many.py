"""Post many transactions, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.errors import Busy
from santong.kernel.plans import plan_for_values
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import AccountKey, KeptAs, NewTxn, Txn
from santong.payments.errors import KeyTaken
from santong.payments.rules.accounts import kept_as
from santong.payments.rules.txns import check, hash_of, runs
from santong.payments.selectors.assets import assets_by_code
from santong.payments.services.as_posted import as_posted
from santong.payments.services.lock import lock_keys
from santong.payments.services.open_accounts import open_accounts
from santong.payments.services.posting import write
from santong.payments.services.refuse import posted_before, refuse

# A plan for any values is made for a handful: its loops within loops are wrong for thousands.
PLANNED_FOR_ANY = 20


@all_or_nothing
def post_many(*, merchant_id: int, source: str, txns: Sequence[NewTxn], now: datetime) -> list[Txn]:
    """Post transactions as if one by one, in their order; all of them, or none.

    A key that was posted before, or comes twice, stands for one transaction, as with `post`.

    Raises InsufficientBalance, NothingOwed, KeyTaken, NotBalanced, UnknownAsset, NoSuchAccount,
    FieldInvalid, Busy. Locks accounts that keep a balance.
    """
    hash_by_key = _checked(source, txns)
    if not hash_by_key:
        return []
    accounts = list({entry.account: None for txn in txns for entry in txn.entries})
    if len(txns) > PLANNED_FOR_ANY:
        plan_for_values()
    kept = _kept(merchant_id, accounts)
    locked = lock_keys(merchant_id=merchant_id, accounts=accounts)
    open_accounts(merchant_id=merchant_id, accounts=accounts)
    if any(account not in locked for account in kept if kept[account] != "sum"):
        lock_keys(merchant_id=merchant_id, accounts=accounts)
    found = posted_before(merchant_id=merchant_id, source=source, hash_by_key=hash_by_key)
    fresh = {txn.key: txn for txn in txns if txn.key not in found}
    with_lots = {account for account in kept if kept[account] == "lots"}
    for run in runs(list(fresh.values()), with_lots=with_lots):
        made = write(
            merchant_id=merchant_id, source=source, txns=run, hash_by_key=hash_by_key, now=now
        )
        if len(made) < len(run):
            refuse(merchant_id=merchant_id, txns=run, now=now)
            raise Busy
        for place, txn in enumerate(run, 1):
            found[txn.key] = as_posted(source, txn, txn_id=made[place], now=now)
    return [found[txn.key] for txn in txns]


def _checked(source: str, txns: Sequence[NewTxn]) -> dict[str, str]:
    """The content of each key, which may stand for one content only."""
    hash_by_key: dict[str, str] = {}
    for txn in txns:
        check(txn, source=source)
        content = hash_of(txn)
        if hash_by_key.setdefault(txn.key, content) != content:
            raise KeyTaken(source=source, key=txn.key)
    return hash_by_key


def _kept(merchant_id: int, accounts: Sequence[AccountKey]) -> dict[AccountKey, KeptAs]:
    """How each account keeps its balance."""
    assets = assets_by_code(merchant_id=merchant_id, codes={each.asset for each in accounts})
    return {
        account: kept_as(account, asset_kind=assets[account.asset].kind) for account in accounts
    }
