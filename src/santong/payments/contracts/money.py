"""What other contexts know of money that comes in, goes back and goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from santong.payments.contracts.providers import DisputeState, Way

Method = Literal["wechat_pay", "alipay", "card", "cash", "prepaid", "gift_card", "external"]
METHODS: tuple[Method, ...] = get_args(Method)

IntentState = Literal["open", "authorised", "paid", "cancelled", "expired"]
INTENT_STATES: tuple[IntentState, ...] = get_args(IntentState)
TenderState = Literal["asked", "waiting", "authorised", "captured", "voided", "failed", "closed"]
TENDER_STATES: tuple[TenderState, ...] = get_args(TenderState)
RefundState = Literal["working", "done", "partly", "failed", "given_up"]
REFUND_STATES: tuple[RefundState, ...] = get_args(RefundState)
PartState = Literal["queued", "sent", "done", "failed"]
PART_STATES: tuple[PartState, ...] = get_args(PartState)
DISPUTE_STATES: tuple[DisputeState, ...] = get_args(DisputeState)
TransferState = Literal["queued", "sent", "done", "failed", "returned"]
TRANSFER_STATES: tuple[TransferState, ...] = get_args(TransferState)
MovementKind = Literal[
    "payment",
    "refund",
    "fee",
    "transfer",
    "transfer_returned",
    "chargeback",
    "chargeback_returned",
    "adjustment",
]
MOVEMENT_KINDS: tuple[MovementKind, ...] = get_args(MovementKind)

LONGEST_DOCUMENT = 60
LONGEST_SUBJECT = 120
LONGEST_OUR_REFERENCE = 64
LONGEST_THEIR_REFERENCE = 128
MOST_MINOR = 10**11
MOST_TENDERS = 8
MOST_INSTALMENTS = 120
MOST_FEE_PER_MILLION = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """Where money comes in: our account at a provider, a till, a channel. Secrets stay inside."""

    id: int
    code: str
    provider: str
    method: Method
    currency: str
    name: str
    is_open: bool
    fee_per_million: int
    settings: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTender:
    """One part of what is to be paid, and the account where it is to come in.

    `token` is what the buyer's device, card or terminal gave (see `Ask`); never a card number. In
    `instalments` the buyer pays it off; to us all of it comes in at once.
    """

    account_code: str
    amount_minor: int
    way: Way = "qr"
    token: str = field(default="", repr=False)
    change_minor: int = 0
    instalments: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntent:
    """So much is to be paid for a document, in parts that add up to it or come one by one."""

    key: str
    document: str
    currency: str
    amount_minor: int
    subject: str
    expires_at: datetime
    tenders: tuple[NewTender, ...] = ()
    authorise_only: bool = False
    return_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One part of an intent by one method, and how far it has come.

    `reference` is our number at the provider. `refunding_minor` is what goes back or has gone
    back, `refunded_minor` what has. `payload` is what the buyer is shown.
    """

    id: int
    intent_id: int
    document: str
    number: int
    account_id: int
    account_code: str
    provider: str
    method: Method
    way: Way
    reference: str
    their_reference: str
    amount_minor: int
    state: TenderState
    authorised_minor: int
    captured_minor: int
    refunding_minor: int
    refunded_minor: int
    disputed_minor: int
    change_minor: int
    instalments: int
    is_late: bool
    why: str
    asked_at: datetime
    captured_at: datetime | None
    payload: str = field(default="", repr=False)

    @property
    def refundable_minor(self) -> int:
        """What came in, less what goes or went back and what a provider has taken back."""
        return max(0, self.captured_minor - self.refunding_minor - self.disputed_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is to be paid for a document, what came in and what went back."""

    id: int
    key: str
    document: str
    subject: str
    currency: str
    amount_minor: int
    state: IntentState
    received_minor: int
    refunded_minor: int
    authorise_only: bool
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    tenders: tuple[Tender, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPart:
    """What goes back along one tender."""

    id: int
    tender_id: int
    account_code: str
    method: Method
    reference: str
    their_reference: str
    amount_minor: int
    state: PartState
    why: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What goes back for a document, along the tenders by which it came in.

    Of `amount_minor`, `failed_minor` can be tried again; `given_up_minor` never goes back this way.
    """

    id: int
    key: str
    document: str
    currency: str
    amount_minor: int
    done_minor: int
    failed_minor: int
    given_up_minor: int
    reason: str
    state: RefundState
    asked_at: datetime
    actor: str
    parts: tuple[RefundPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransfer:
    """Money for a party, whom the provider knows as `receiver`.

    With `tender_id` it is a share out of that payment, never more than the payment has left for
    others; a last share frees what remains of it for the account's holder.
    """

    key: str
    account_code: str
    party: str
    receiver: str = field(repr=False)
    amount_minor: int
    currency: str
    reason: str
    tender_id: int | None = None
    is_last_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A buyer fights about a payment: until it is decided the provider has the money back."""

    id: int
    tender_id: int
    amount_minor: int
    state: DisputeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money that a party is sent, out of what it is owed."""

    id: int
    source: str
    key: str
    account_code: str
    party: str
    currency: str
    amount_minor: int
    state: TransferState
    reference: str
    their_reference: str
    why: str
    queued_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftToShare:
    """What one payment of a document still has for others, in how many requests it gave so far."""

    document: str
    tender_id: int
    left_minor: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Something that moved at a payment account: more than nothing came in. Never changed.

    `reference` is our number of what moved, once for each account and kind.
    """

    id: int
    account_code: str
    kind: MovementKind
    reference: str
    their_reference: str
    amount_minor: int
    currency: str
    moved_at: datetime
    recorded_at: datetime
    document: str
    subject: str
    txn_id: int
