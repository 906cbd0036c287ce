"""Decide under a lock what to post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import AccountKey, Balance
from santong.payments.selectors.balances import balances
from santong.payments.services.ready import ready_accounts


@all_or_nothing
def lock_accounts(
    *, merchant_id: int, accounts: Sequence[AccountKey], now: datetime
) -> dict[AccountKey, Balance]:
    """Lock accounts, opening those that are not there, and say what can be spent of each at `now`.

    Until the transaction ends nobody else changes them: what is decided on these balances can be
    posted. Ask for all accounts of a decision at once.

    Raises UnknownAsset, NoSuchAccount. Locks accounts that keep a balance.
    """
    ready_accounts(merchant_id=merchant_id, accounts=accounts)
    return balances(merchant_id=merchant_id, accounts=accounts, now=now)
