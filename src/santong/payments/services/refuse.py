"""Why a posting wrote nothing. Looked up only then: that is rare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.payments.contracts import AccountKey, Balance, NewTxn, Txn
from santong.payments.errors import InsufficientBalance, KeyTaken, NothingOwed
from santong.payments.models import Txn as TxnRow
from santong.payments.rules.accounts import kept_as
from santong.payments.selectors.assets import assets_by_code
from santong.payments.selectors.balances import balances
from santong.payments.selectors.txns import txns_of_rows


def posted_before(
    *, merchant_id: int, source: str, hash_by_key: Mapping[str, str]
) -> dict[str, Txn]:
    """What these keys stand for already. Raises KeyTaken if one of them has other content."""
    rows = list(
        TxnRow.objects.of_merchant(merchant_id).filter(source=source, key__in=list(hash_by_key))
    )
    for row in rows:
        if row.request_hash != hash_by_key[row.key]:
            raise KeyTaken(source=source, key=row.key)
    return {txn.key: txn for txn in txns_of_rows(merchant_id=merchant_id, rows=rows)}


def refuse(*, merchant_id: int, txns: Sequence[NewTxn], now: datetime) -> None:
    """Say which account does not suffice, in the order in which transactions were to be posted.

    Raises InsufficientBalance, NothingOwed. Their accounts must have been locked before.
    """
    accounts = [entry.account for txn in txns for entry in txn.entries]
    assets = assets_by_code(merchant_id=merchant_id, codes=[account.asset for account in accounts])
    kept = {
        account: kept_as(account, asset_kind=assets[account.asset].kind) for account in accounts
    }
    keeping = [account for account in kept if kept[account] not in ("either", "sum")]
    stand = balances(merchant_id=merchant_id, accounts=keeping, now=now)
    change: dict[AccountKey, int] = {}
    for txn in txns:
        for entry in txn.entries:
            # What comes into lots now is not what is spent now.
            if entry.account in stand and not (entry.amount > 0 and kept[entry.account] == "lots"):
                change[entry.account] = change.get(entry.account, 0) + entry.amount
        for account, amount in change.items():
            if kept[account] == "debt":
                _refuse_debt(stand[account], amount)
            elif -amount > stand[account].available:
                raise InsufficientBalance(
                    asset=account.asset,
                    kind=account.kind,
                    owner=account.owner,
                    wanted=-amount,
                    available=stand[account].available,
                )


def _refuse_debt(balance: Balance, amount: int) -> None:
    if balance.posted + amount > 0:
        raise NothingOwed(
            asset=balance.account.asset,
            owner=balance.account.owner,
            paid=amount,
            owed=-balance.posted,
        )
