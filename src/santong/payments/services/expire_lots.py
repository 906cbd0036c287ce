"""Write down what has ended."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import AccountKey
from santong.payments.models import Lot, LotQuerySet
from santong.payments.rules.lots import Part
from santong.payments.rules.txns import check_amount
from santong.payments.selectors.assets import asset_by_code
from santong.payments.services.lapse import Lapsing, lapse
from santong.payments.services.lock import lock_ids_unless_busy


@all_or_nothing
def expire_lots(*, merchant_id: int, asset: str, now: datetime, limit: int = 1000) -> int:
    """Post what has ended of lots to the asset's sink, first ended first; say how many lots.

    What is held stays until its hold ends. Accounts that somebody works on at this moment are left
    to the next sweep.

    Raises UnknownAsset, FieldInvalid. Emits LotsExpired for each account. Locks accounts that
    nobody works on.
    """
    check_amount(limit, pointer="/limit")
    asset_id = asset_by_code(merchant_id=merchant_id, code=asset).id
    due = _due(merchant_id, asset_id, now)
    seen = due.order_by("expires_at").values_list("id", "account_id")[:limit]
    account_ids = {account_id for _, account_id in seen}
    locked = lock_ids_unless_busy(merchant_id=merchant_id, account_ids=account_ids)
    parts_by_account: dict[int, list[Part]] = {}
    account_by_id: dict[int, AccountKey] = {}
    rows = due.filter(id__in=[lot_id for lot_id, _ in seen], account_id__in=locked)
    for lot in rows.select_related("account").order_by("account_id", "id"):
        part = Part(lot.id, lot.rest - lot.held, lot.expires_at)
        parts_by_account.setdefault(lot.account_id, []).append(part)
        account_by_id[lot.account_id] = AccountKey(asset, lot.account.kind, lot.account.owner)
    lapse(
        merchant_id=merchant_id,
        lapsing=[
            Lapsing(account_id, account_by_id[account_id], parts)
            for account_id, parts in parts_by_account.items()
        ],
        now=now,
    )
    return sum(len(parts) for parts in parts_by_account.values())


def _due(merchant_id: int, asset_id: int, now: datetime) -> LotQuerySet:
    return Lot.objects.of_merchant(merchant_id).filter(
        asset_id=asset_id, is_open=True, expires_at__lte=now, rest__gt=F("held")
    )
