"""What the ledger refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, NotFound


@dataclass
class InsufficientBalance(Conflict):
    """The account does not have so much to spend; nothing was posted."""

    code: ClassVar[str] = "payments.insufficient_balance"
    asset: str
    kind: str
    owner: str
    wanted: int
    available: int


@dataclass
class NothingOwed(Conflict):
    """More was paid into a debt than is owed; nothing was posted."""

    code: ClassVar[str] = "payments.nothing_owed"
    asset: str
    owner: str
    paid: int
    owed: int


@dataclass
class KeyTaken(Conflict):
    """The key stands for another transaction or hold, with other content."""

    code: ClassVar[str] = "payments.key_taken"
    source: str
    key: str


@dataclass
class UnknownAsset(NotFound):
    """No asset of this code has been opened."""

    code: ClassVar[str] = "payments.unknown_asset"
    asset: str


@dataclass
class AssetTaken(Conflict):
    """The asset is there already, as another kind or in another currency."""

    code: ClassVar[str] = "payments.asset_taken"
    asset: str


@dataclass
class NoSuchAccount(Invalid):
    """Assets of this kind have no accounts of this kind."""

    code: ClassVar[str] = "payments.no_such_account"
    asset: str
    kind: str


@dataclass
class NotBalanced(Invalid):
    """The entries of an asset do not sum to nothing."""

    code: ClassVar[str] = "payments.not_balanced"
    asset: str
    difference: int


@dataclass
class NoSuchTxn(NotFound):
    """There is no such transaction."""

    code: ClassVar[str] = "payments.no_such_txn"
    txn_id: int


@dataclass
class NoSuchHold(NotFound):
    """There is no such hold."""

    code: ClassVar[str] = "payments.no_such_hold"
    hold_id: int


@dataclass
class HoldEnded(Conflict):
    """The hold was captured or released, or its time has run out."""

    code: ClassVar[str] = "payments.hold_ended"
    hold_id: int
    state: str


@dataclass
class MoreThanHeld(Conflict):
    """The capture takes more from the account than the hold keeps for it."""

    code: ClassVar[str] = "payments.more_than_held"
    hold_id: int
    wanted: int
    held: int


@dataclass
class AlreadyReversed(Conflict):
    """The transaction was reversed, or given back in part."""

    code: ClassVar[str] = "payments.already_reversed"
    txn_id: int


@dataclass
class NotReversible(Conflict):
    """A reversal is not reversed, nor is what was given back."""

    code: ClassVar[str] = "payments.not_reversible"
    txn_id: int


@dataclass
class NotASpend(Conflict):
    """Only what was taken from exactly one account can be given back in part."""

    code: ClassVar[str] = "payments.not_a_spend"
    txn_id: int


@dataclass
class MoreThanSpent(Conflict):
    """More would be given back than was spent."""

    code: ClassVar[str] = "payments.more_than_spent"
    txn_id: int
    wanted: int
    left: int
