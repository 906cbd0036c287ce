"""The tables of payments: the ledger."""

from santong.payments.models.ledger import (
    Account,
    Asset,
    Entry,
    Hold,
    HoldLot,
    Lot,
    LotQuerySet,
    LotUse,
    Txn,
)

__all__ = [
    "Account",
    "Asset",
    "Entry",
    "Hold",
    "HoldLot",
    "Lot",
    "LotQuerySet",
    "LotUse",
    "Txn",
]
