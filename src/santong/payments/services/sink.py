"""Sinks by their ids."""

from __future__ import annotations

from santong.payments.contracts import AccountKey
from santong.payments.models import Account
from santong.payments.services.open_accounts import open_accounts


def sink_id(*, merchant_id: int, account: AccountKey) -> int:
    """The id of an account that keeps no balance; it opens itself."""
    rows = Account.objects.of_merchant(merchant_id).filter(
        asset__code=account.asset, kind=account.kind, owner=account.owner
    )
    found: int | None = rows.values_list("id", flat=True).first()
    if found is not None:
        return found
    open_accounts(merchant_id=merchant_id, accounts=[account])
    opened: int = rows.values_list("id", flat=True).get()
    return opened
