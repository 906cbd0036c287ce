"""What other contexts know of the ledger, and what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

AssetKind = Literal[
    "points",
    "experience",
    "prepaid_principal",
    "prepaid_bonus",
    "deposit",
    "coupon_money",
    "money",
]
ASSET_KINDS: tuple[AssetKind, ...] = get_args(AssetKind)

# How an account keeps its balance: by lots; as a number that may not fall below what is held; as
# a number that may not rise above zero; as one that may stand on either side of it; or not at all,
# because everybody writes to it.
KeptAs = Literal["lots", "balance", "debt", "either", "sum"]
KEPT_AS: tuple[KeptAs, ...] = get_args(KeptAs)

HoldState = Literal["held", "captured", "released", "expired"]
HOLD_STATES: tuple[HoldState, ...] = get_args(HoldState)

LONGEST_CODE = 60
LONGEST_OWNER = 80
LONGEST_SOURCE = 40
LONGEST_KEY = 150
LONGEST_KIND = 40
LONGEST_REFERENCE = 120
LONGEST_REASON = 200
MOST = 10**15
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Asset:
    """What is counted: the points of a pool, the experience of a programme, money of a kind."""

    id: int
    code: str
    kind: AssetKind
    currency: str | None


@dataclass(frozen=True, slots=True)
class AccountKey:
    """One account, by name: `points:main`, `available`, `member:17`."""

    asset: str
    kind: str
    owner: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A signed amount for one account.

    On an account with lots, more opens a lot that ends at `expires_at` (never, without it); less
    takes from lots, the first to end first, those of the transaction `lots_of` before all others.
    """

    account: AccountKey
    amount: int
    expires_at: datetime | None = None
    lots_of: int | None = None


@dataclass(frozen=True, slots=True)
class NewTxn:
    """A transaction to be posted; what it says sums to nothing for each asset."""

    key: str
    kind: str
    entries: tuple[NewEntry, ...]
    occurred_at: datetime
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a transaction did to one account."""

    account: AccountKey
    amount: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Txn:
    """A transaction of the ledger. `is_new` is false where it was posted before."""

    id: int
    source: str
    key: str
    kind: str
    reference: str
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reverses_id: int | None
    gives_back_id: int | None
    entries: tuple[Entry, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """So much of an account is kept for one purpose, until a moment."""

    id: int
    source: str
    key: str
    account: AccountKey
    amount: int
    state: HoldState
    expires_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account stands at. `lapsed` is what has expired and waits for the sweeper."""

    account: AccountKey
    posted: int
    held: int
    lapsed: int = 0

    @property
    def available(self) -> int:
        """What can be spent."""
        return self.posted - self.held - self.lapsed


@dataclass(frozen=True, slots=True)
class Lot:
    """What came in at once and ends at once, and what is left of it."""

    id: int
    account: AccountKey
    amount: int
    rest: int
    held: int
    expires_at: datetime | None
    earned_txn_id: int


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of an account's statement."""

    id: int
    txn_id: int
    kind: str
    reference: str
    reason: str
    amount: int
    expires_at: datetime | None
    occurred_at: datetime
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """What an owner is about to lose, and when the first of it ends."""

    owner: str
    amount: int
    first_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of an asset's accounts of one kind; for a sink of one owner."""

    kind: str
    owner: str
    amount: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a stored number is not what the log says."""

    table: str
    row_id: int
    column: str
    stored: str
    replayed: str
