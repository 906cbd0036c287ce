"""The door of payments: the ledger."""

from santong.payments.contracts import (
    AccountEntry,
    AccountKey,
    Asset,
    AssetKind,
    Balance,
    Difference,
    Entry,
    Expiring,
    Hold,
    HoldState,
    Lot,
    NewEntry,
    NewTxn,
    SeenStored,
    SeenStoredState,
    StoredAsk,
    Taken,
    TenderBackend,
    Total,
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
from santong.payments.rules.recognition import Redemption, recognised
from santong.payments.selectors.accounts import accounts_of
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.balances import AVAILABLE_OF, balances
from santong.payments.selectors.ending import ending_by_month
from santong.payments.selectors.flows import flows
from santong.payments.selectors.holds import hold_by_id
from santong.payments.selectors.invariants import check_invariants
from santong.payments.selectors.lots import expiring, lots_of
from santong.payments.selectors.owners import export_owners
from santong.payments.selectors.sums import sums_of_txns
from santong.payments.selectors.totals import totals
from santong.payments.selectors.txns import entries_page, txn_by_id, txn_by_key, txns_by_key
from santong.payments.services.capture import capture
from santong.payments.services.expire_holds import expire_holds
from santong.payments.services.expire_lots import expire_lots
from santong.payments.services.give_back import give_back
from santong.payments.services.hold import hold
from santong.payments.services.lock_accounts import lock_accounts
from santong.payments.services.open_asset import open_asset
from santong.payments.services.post import post
from santong.payments.services.post_many import post_many
from santong.payments.services.rebuild import rebuild, repair
from santong.payments.services.release import release
from santong.payments.services.reverse import reverse

__all__ = [
    "AVAILABLE_OF",
    "AccountEntry",
    "AccountKey",
    "AlreadyReversed",
    "Asset",
    "AssetKind",
    "AssetTaken",
    "Balance",
    "Difference",
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
    "Redemption",
    "SeenStored",
    "SeenStoredState",
    "StoredAsk",
    "Taken",
    "TenderBackend",
    "Total",
    "Txn",
    "UnknownAsset",
    "accounts_of",
    "asset_by_code",
    "balances",
    "capture",
    "check_invariants",
    "ending_by_month",
    "entries_page",
    "expire_holds",
    "expire_lots",
    "expiring",
    "export_owners",
    "flows",
    "give_back",
    "hold",
    "hold_by_id",
    "lock_accounts",
    "lots_of",
    "open_asset",
    "post",
    "post_many",
    "rebuild",
    "recognised",
    "release",
    "repair",
    "reverse",
    "sums_of_txns",
    "totals",
    "txn_by_id",
    "txn_by_key",
    "txns_by_key",
]
