"""What was posted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from santong.payments.contracts import AccountEntry, AccountKey, Entry, Txn
from santong.payments.errors import NoSuchTxn
from santong.payments.models import Account
from santong.payments.models import Entry as EntryRow
from santong.payments.models import Txn as TxnRow


def txn_by_key(*, merchant_id: int, source: str, key: str) -> Txn | None:
    """The transaction that a source posted under a key, or none."""
    row = TxnRow.objects.of_merchant(merchant_id).filter(source=source, key=key).first()
    return txns_of_rows(merchant_id=merchant_id, rows=[row])[0] if row else None


def txn_by_id(*, merchant_id: int, txn_id: int) -> Txn:
    """A transaction. Raises NoSuchTxn."""
    row = TxnRow.objects.of_merchant(merchant_id).filter(id=txn_id).first()
    if row is None:
        raise NoSuchTxn(txn_id=txn_id)
    return txns_of_rows(merchant_id=merchant_id, rows=[row])[0]


def txns_by_key(*, merchant_id: int, source: str, keys: Iterable[str]) -> dict[str, Txn]:
    """Transactions of a source, by key; keys under which nothing was posted are left out."""
    rows = TxnRow.objects.of_merchant(merchant_id).filter(source=source, key__in=list(keys))
    found = txns_of_rows(merchant_id=merchant_id, rows=list(rows))
    return {txn.key: txn for txn in found}


def entries_page(
    *,
    merchant_id: int,
    account: AccountKey,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AccountEntry]:
    """An account's statement: what was posted to it, newest first, from below an id."""
    account_id = (
        Account.objects.of_merchant(merchant_id)
        .filter(asset__code=account.asset, kind=account.kind, owner=account.owner)
        .values_list("id", flat=True)
        .first()
    )
    if account_id is None:
        return []
    rows = EntryRow.objects.of_merchant(merchant_id).filter(account_id=account_id)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return [
        AccountEntry(
            id=row.id,
            txn_id=row.txn_id,
            kind=row.txn.kind,
            reference=row.txn.reference,
            reason=row.txn.reason,
            amount=row.amount,
            expires_at=row.expires_at,
            occurred_at=row.txn.occurred_at,
            recorded_at=row.txn.recorded_at,
            actor=row.txn.actor,
        )
        for row in rows.select_related("txn").order_by("-id")[:limit]
    ]


def txns_of_rows(*, merchant_id: int, rows: Sequence[TxnRow]) -> list[Txn]:
    """Rows with their entries, in the order given."""
    entries: dict[int, list[Entry]] = {row.id: [] for row in rows}
    written = (
        EntryRow.objects.of_merchant(merchant_id)
        .filter(txn_id__in=list(entries))
        .select_related("account__asset")
        .order_by("id")
    )
    for entry in written:
        account = AccountKey(entry.account.asset.code, entry.account.kind, entry.account.owner)
        entries[entry.txn_id].append(Entry(account, entry.amount, entry.expires_at))
    return [
        Txn(
            id=row.id,
            source=row.source,
            key=row.key,
            kind=row.kind,
            reference=row.reference,
            reason=row.reason,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            reverses_id=row.reverses_id,
            gives_back_id=row.gives_back_id,
            entries=tuple(entries[row.id]),
            is_new=False,
        )
        for row in rows
    ]
