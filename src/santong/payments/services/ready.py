"""Accounts that are there, locked, and known by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from santong.payments.contracts import KEPT_AS, AccountKey, KeptAs
from santong.payments.models import Account
from santong.payments.services.lock import lock_keys
from santong.payments.services.open_accounts import open_accounts


@dataclass(frozen=True, slots=True)
class Ready:
    """A locked account: its id, how it keeps its balance, and what that is."""

    id: int
    kept_as: KeptAs
    posted: int
    held: int


def ready_accounts(*, merchant_id: int, accounts: Iterable[AccountKey]) -> dict[AccountKey, Ready]:
    """Open accounts that are not there, and lock those that keep a balance.

    Raises UnknownAsset, NoSuchAccount.
    """
    wanted = list(dict.fromkeys(accounts))
    lock_keys(merchant_id=merchant_id, accounts=wanted)
    found = _found(merchant_id, wanted)
    if len(found) < len(wanted):
        open_accounts(merchant_id=merchant_id, accounts=wanted)
        lock_keys(merchant_id=merchant_id, accounts=wanted)
        found = _found(merchant_id, wanted)
    return found


def _found(merchant_id: int, wanted: list[AccountKey]) -> dict[AccountKey, Ready]:
    rows = Account.objects.of_merchant(merchant_id).filter(
        asset__code__in={account.asset for account in wanted},
        kind__in={account.kind for account in wanted},
        owner__in={account.owner for account in wanted},
    )
    known = {
        AccountKey(row.asset.code, row.kind, row.owner): Ready(
            row.id, KEPT_AS[KEPT_AS.index(row.kept_as)], row.posted, row.held
        )
        for row in rows.select_related("asset")
    }
    return {account: known[account] for account in wanted if account in known}
