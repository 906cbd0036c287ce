"""All that the ledger has of some owners, to be read by them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.payments.models import Account, Asset, Entry, Hold, Lot
from santong.payments.rules.accounts import ACCOUNTS

Plain = dict[str, object]


def export_owners(*, merchant_id: int, owners: Collection[str]) -> list[Plain]:
    """Every account of some owners with its entries, lots and holds, oldest first: plain JSON."""
    # As `accounts_of` does it, so that the accounts' unique index finds each of the few.
    assets = Asset.objects.of_merchant(merchant_id).values_list("id", flat=True)
    kinds = sorted({kind for accounts in ACCOUNTS.values() for kind in accounts})
    accounts = list(
        Account.objects.of_merchant(merchant_id)
        .filter(asset_id__in=list(assets), kind__in=kinds, owner__in=list(owners))
        .select_related("asset")
        .order_by("owner", "asset__code", "kind")
    )
    ids = [account.id for account in accounts]
    entries: dict[int, list[Plain]] = {account_id: [] for account_id in ids}
    lots: dict[int, list[Plain]] = {account_id: [] for account_id in ids}
    holds: dict[int, list[Plain]] = {account_id: [] for account_id in ids}
    written = Entry.objects.of_merchant(merchant_id).filter(account_id__in=ids)
    for entry in written.select_related("txn").order_by("id"):
        entries[entry.account_id].append(
            {
                "kind": entry.txn.kind,
                "amount": entry.amount,
                "expires_at": _when(entry.expires_at),
                "reference": entry.txn.reference,
                "reason": entry.txn.reason,
                "occurred_at": _when(entry.txn.occurred_at),
                "recorded_at": _when(entry.txn.recorded_at),
            }
        )
    for lot in Lot.objects.of_merchant(merchant_id).filter(account_id__in=ids).order_by("id"):
        lots[lot.account_id].append(
            {
                "amount": lot.amount,
                "rest": lot.rest,
                "held": lot.held,
                "expires_at": _when(lot.expires_at),
            }
        )
    for hold in Hold.objects.of_merchant(merchant_id).filter(account_id__in=ids).order_by("id"):
        holds[hold.account_id].append(
            {
                "amount": hold.amount,
                "state": hold.state,
                "reference": hold.reference,
                "reason": hold.reason,
                "held_at": _when(hold.held_at),
                "expires_at": _when(hold.expires_at),
                "ended_at": _when(hold.ended_at),
            }
        )
    return [
        {
            "owner": account.owner,
            "asset": account.asset.code,
            "currency": account.asset.currency,
            "account": account.kind,
            "posted": account.posted,
            "held": account.held,
            "entries": entries[account.id],
            "lots": lots[account.id],
            "holds": holds[account.id],
        }
        for account in accounts
    ]


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
