"""The door of payments: the ledger."""

from santong.payments.contracts import (
    AccountEntry,
    AccountKey,
    Asset,
    AssetKind,
    Balance,
    Entry,
    Expiring,
    Hold,
    HoldState,
    Lot,
    NewEntry,
    NewTxn,
    Txn,
)
from santong.payments.errors import (
    AlreadyReversed,
    AssetTaken,
    HoldEnded,
    InsufficientBalance,
    KeyTaken,
    MoreThanHeld,
    MoreThanSpent,
    NoSuchAccount,
    NoSuchHold,
    NoSuchTxn,
    NotASpend,
    NotBalanced,
    NothingOwed,
    NotReversible,
    UnknownAsset,
)
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.balances import balances
from santong.payments.selectors.holds import hold_by_id
from santong.payments.selectors.lots import expiring, lots_of
from santong.payments.selectors.txns import entries_page, txn_by_id, txn_by_key, txns_by_key
from santong.payments.services.capture import capture
from santong.payments.services.hold import hold
from santong.payments.services.lock_accounts import lock_accounts
from santong.payments.services.open_asset import open_asset
from santong.payments.services.post import post
from santong.payments.services.release import release

__all__ = [
    "AccountEntry",
    "AccountKey",
    "AlreadyReversed",
    "Asset",
    "AssetKind",
    "AssetTaken",
    "Balance",
    "Entry",
    "Expiring",
    "Hold",
    "HoldEnded",
    "HoldState",
    "InsufficientBalance",
    "KeyTaken",
    "Lot",
    "MoreThanHeld",
    "MoreThanSpent",
    "NewEntry",
    "NewTxn",
    "NoSuchAccount",
    "NoSuchHold",
    "NoSuchTxn",
    "NotASpend",
    "NotBalanced",
    "NotReversible",
    "NothingOwed",
    "Txn",
    "UnknownAsset",
    "asset_by_code",
    "balances",
    "capture",
    "entries_page",
    "expiring",
    "hold",
    "hold_by_id",
    "lock_accounts",
    "lots_of",
    "open_asset",
    "post",
    "release",
    "txn_by_id",
    "txn_by_key",
    "txns_by_key",
]
