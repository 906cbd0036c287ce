"""What a transaction wrote, with the rows that it names: what it takes to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from santong.payments.contracts import KEPT_AS, AccountKey, KeptAs
from santong.payments.errors import NoSuchTxn
from santong.payments.models import Entry, Lot, LotUse, Txn
from santong.payments.rules.lots import Part


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry, by its account's id."""

    account_id: int
    account: AccountKey
    kept_as: KeptAs
    amount: int


@dataclass(frozen=True, slots=True)
class Written:
    """A transaction with its entries."""

    id: int
    is_correction: bool
    reference: str
    occurred_at: datetime
    entries: Sequence[WrittenEntry]


def written(*, merchant_id: int, txn_id: int) -> Written:
    """A transaction. Raises NoSuchTxn."""
    row = Txn.objects.of_merchant(merchant_id).filter(id=txn_id).first()
    if row is None:
        raise NoSuchTxn(txn_id=txn_id)
    entries = Entry.objects.of_merchant(merchant_id).filter(txn_id=txn_id)
    return Written(
        id=row.id,
        is_correction=row.reverses_id is not None or row.gives_back_id is not None,
        reference=row.reference,
        occurred_at=row.occurred_at,
        entries=[
            WrittenEntry(
                account_id=entry.account_id,
                account=AccountKey(
                    entry.account.asset.code, entry.account.kind, entry.account.owner
                ),
                kept_as=KEPT_AS[KEPT_AS.index(entry.account.kept_as)],
                amount=entry.amount,
            )
            for entry in entries.select_related("account__asset").order_by("id")
        ],
    )


def is_reversed(*, merchant_id: int, txn_id: int) -> bool:
    """Whether a transaction was undone whole."""
    return bool(Txn.objects.of_merchant(merchant_id).filter(reverses_id=txn_id).exists())


def given_back(*, merchant_id: int, txn_id: int, account_id: int) -> int:
    """What of a spend has gone back to its account."""
    rows = Entry.objects.of_merchant(merchant_id).filter(
        txn__gives_back_id=txn_id, account_id=account_id, amount__gt=0
    )
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def is_given_back(*, merchant_id: int, txn_id: int) -> bool:
    """Whether anything of a spend has gone back."""
    return bool(Txn.objects.of_merchant(merchant_id).filter(gives_back_id=txn_id).exists())


def uses_of(*, merchant_id: int, txn_id: int) -> list[Part]:
    """What a transaction took from lots, less what has gone back to them since."""
    took = LotUse.objects.of_merchant(merchant_id)
    rows = [
        *took.filter(txn_id=txn_id).select_related("lot"),
        *took.filter(txn__gives_back_id=txn_id).select_related("lot"),
    ]
    amount_by_lot: dict[int, int] = {}
    for row in rows:
        amount_by_lot[row.lot_id] = amount_by_lot.get(row.lot_id, 0) + row.amount
    lot_by_id = {row.lot_id: row.lot for row in rows}
    return [
        Part(lot_id, amount, lot_by_id[lot_id].expires_at)
        for lot_id, amount in amount_by_lot.items()
        if amount
    ]


def lots_opened_by(*, merchant_id: int, txn_id: int) -> list[Lot]:
    """The lots that a transaction opened."""
    return list(Lot.objects.of_merchant(merchant_id).filter(txn_id=txn_id).order_by("id"))
