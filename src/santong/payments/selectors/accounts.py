"""Which accounts there are."""

from __future__ import annotations

from santong.payments.contracts import AccountKey
from santong.payments.models import Account, Asset
from santong.payments.rules.accounts import ACCOUNTS


def accounts_of(*, merchant_id: int, owner: str) -> list[AccountKey]:
    """Every account of an owner, of all assets, by asset and kind."""
    # Asset and kind are named, so that the accounts' unique index finds each of the few.
    assets = Asset.objects.of_merchant(merchant_id).values_list("id", flat=True)
    kinds = {kind for accounts in ACCOUNTS.values() for kind in accounts}
    rows = Account.objects.of_merchant(merchant_id).filter(
        asset_id__in=list(assets), kind__in=sorted(kinds), owner=owner
    )
    return [
        AccountKey(row.asset.code, row.kind, row.owner)
        for row in rows.select_related("asset").order_by("asset__code", "kind")
    ]
