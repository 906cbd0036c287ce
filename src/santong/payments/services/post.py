"""Post one transaction."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import NewTxn, Txn
from santong.payments.rules.txns import check, hash_of
from santong.payments.services.as_posted import as_posted
from santong.payments.services.lock import lock_with_the_next
from santong.payments.services.open_accounts import open_accounts, open_with_the_next
from santong.payments.services.posting import write
from santong.payments.services.refuse import posted_before, refuse


@all_or_nothing
def post(*, merchant_id: int, source: str, txn: NewTxn, now: datetime) -> Txn:
    """Post a transaction whole, or nothing of it; once for its source and key.

    Its accounts open themselves. What is taken from an account with lots comes from those that
    end first and have not ended at `now`. The same key with the same content (whenever it says
    that it occurred, and why) gives the transaction that is there.

    Raises InsufficientBalance, NothingOwed, KeyTaken, NotBalanced, UnknownAsset, NoSuchAccount,
    FieldInvalid, Busy. Locks accounts that keep a balance.
    """
    check(txn, source=source)
    accounts = [entry.account for entry in txn.entries]
    content = {txn.key: hash_of(txn)}
    open_with_the_next(merchant_id=merchant_id, accounts=accounts)
    for is_last in (False, True):
        lock_with_the_next(merchant_id=merchant_id, accounts=accounts)
        made = write(
            merchant_id=merchant_id, source=source, txns=[txn], hash_by_key=content, now=now
        )
        if made:
            return as_posted(source, txn, txn_id=made[1], now=now)
        before = posted_before(merchant_id=merchant_id, source=source, hash_by_key=content)
        if before:
            return before[txn.key]
        # An account was not there, or does not have enough. Both are rare.
        if not is_last:
            open_accounts(merchant_id=merchant_id, accounts=accounts)
    refuse(merchant_id=merchant_id, txns=[txn], now=now)
    raise Busy
