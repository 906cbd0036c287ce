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


@dataclass
class CardNumberSeen(Invalid):
    """What was sent looks like a card number; card numbers stay in the terminal."""

    code: ClassVar[str] = "payments.card_number_seen"
    pointer: str


@dataclass
class IntentKeyTaken(Conflict):
    """The key stands for an intent, a refund or a transfer with other content."""

    code: ClassVar[str] = "payments.request_key_taken"
    key: str


@dataclass
class AlreadyAsked(Conflict):
    """Somebody is being asked to pay for this document already."""

    code: ClassVar[str] = "payments.already_asked"
    document: str
    intent_id: str


@dataclass
class IntentPassed(Conflict):
    """The intent has ended, or is not so far."""

    code: ClassVar[str] = "payments.intent_passed"
    intent_id: str
    state: str


@dataclass
class MoreThanAsked(Conflict):
    """The parts of an intent would come to more than its amount."""

    code: ClassVar[str] = "payments.more_than_asked"
    intent_id: str
    wanted_minor: int
    left_minor: int


@dataclass
class MoreThanReceived(Conflict):
    """So much has not come in, or has gone back already."""

    code: ClassVar[str] = "payments.more_than_received"
    document: str
    wanted_minor: int
    refundable_minor: int


@dataclass
class PaymentAccountClosed(Conflict):
    """Nothing comes in there any more."""

    code: ClassVar[str] = "payments.account_closed"
    account_code: str


@dataclass
class PaymentAccountTaken(Conflict):
    """The code stands for another payment account."""

    code: ClassVar[str] = "payments.payment_account_taken"
    account_code: str


@dataclass
class MoreThanPayable(Conflict):
    """The party is not owed so much."""

    code: ClassVar[str] = "payments.more_than_payable"
    party: str
    wanted_minor: int
    payable_minor: int


@dataclass
class MoreThanLeft(Conflict):
    """The payment has not so much left for others."""

    code: ClassVar[str] = "payments.more_than_left"
    tender_id: str
    wanted_minor: int
    left_minor: int


@dataclass
class PartPassed(Conflict):
    """The part of the refund is not in a state in which this can be done."""

    code: ClassVar[str] = "payments.refund_part_passed"
    part_id: str
    state: str


@dataclass
class NothingToAsk(Conflict):
    """It is settled, or nobody can be asked about it."""

    code: ClassVar[str] = "payments.nothing_to_ask"
    about: str
    state: str
