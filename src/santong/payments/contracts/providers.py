"""What payments and its providers say to each other, the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, get_args

# What a provider can do. Whoever lacks `void` closes; whoever lacks `partial_refund` refunds whole.
Ability = Literal[
    "authorise",
    "void",
    "refund",
    "partial_refund",
    "query",
    "transfer",
    "share",
    "statement",
    "scan",
    "disputes",
]
ABILITIES: tuple[Ability, ...] = get_args(Ability)

# How the buyer is reached: a code to scan, a page of the provider, its mini program, a code that
# the buyer shows to the till, the shop's own terminal, or nobody, because the money is here.
Way = Literal["qr", "page", "app", "scan", "terminal", "none"]
WAYS: tuple[Way, ...] = get_args(Way)
# Those in which the buyer can do nothing before the provider's answer is shown to them.
SHOWN_WAYS: frozenset[Way] = frozenset({"qr", "page", "app"})

SeenState = Literal["unknown", "waiting", "authorised", "paid", "closed", "failed"]
SeenMoveState = Literal["unknown", "working", "done", "failed", "returned"]
DisputeState = Literal["opened", "won", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Everything needed to speak for one payment account. `secrets` show in no repr and no log."""

    merchant_id: int
    account_code: str
    currency: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    notify_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Money that is asked of a buyer, under our number, which is never used for anything else.

    `token` is what the buyer's device or the terminal gave: an open-id, the code that a till
    scanned, a terminal's own number of an approved payment. Never a card number.
    """

    reference: str
    amount_minor: int
    subject: str
    way: Way
    expires_at: datetime
    authorise_only: bool = False
    token: str = field(default="", repr=False)
    return_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the buyer is shown: an address for a code, a page, parameters of an app."""

    way: Way
    payload: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a payment stands at the provider. `payer` is the provider's name for who paid."""

    state: SeenState
    their_reference: str = ""
    amount_minor: int = 0
    fee_minor: int = 0
    payer: str = field(default="", repr=False)
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsk:
    """Money that goes back along one payment, under a number of its own."""

    reference: str
    payment_reference: str
    their_payment_reference: str
    amount_minor: int
    paid_minor: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAsk:
    """Money for somebody else: out of one payment (a share), or out of the account.

    `receiver` is the provider's name for them; `is_last_share` gives what is left of the payment
    to the account's holder.
    """

    reference: str
    receiver: str = field(repr=False)
    amount_minor: int
    reason: str
    payment_reference: str = ""
    their_payment_reference: str = ""
    is_last_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMove:
    """How a refund or a transfer stands at the provider."""

    state: SeenMoveState
    their_reference: str = ""
    amount_minor: int = 0
    fee_minor: int = 0
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDispute:
    """A buyer has asked the provider for the money back, or that has been decided."""

    state: DisputeState
    their_reference: str
    payment_reference: str
    amount_minor: int
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider told us, its signature verified; told twice, it has the same number."""

    number: str
    about: Literal["payment", "refund", "transfer", "dispute"]
    reference: str
    payment: Seen | None = None
    move: SeenMove | None = None
    dispute: SeenDispute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a provider is answered."""

    status: int
    content_type: str
    body: bytes


class Unreachable(Exception):
    """No answer, or none that can be understood: it may have been done, and has to be asked."""


class Refused(Exception):
    """The provider said no, and nothing was done. `code` is its own word."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class BadSignature(Exception):
    """Whoever sent this is not the provider."""


class Provider(Protocol):
    """One provider. Every call may raise Unreachable or Refused; none is made in a transaction.

    A call with the same reference is the same payment, refund or transfer, however often it is
    made. What is unknown to the provider is `unknown`, never an error.
    """

    code: str
    abilities: frozenset[Ability]

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        """Have the provider ask the buyer."""
        ...

    def query(self, *, access: Access, reference: str) -> Seen:
        """How a payment stands."""
        ...

    def capture(self, *, access: Access, reference: str, amount_minor: int) -> Seen:
        """Take what was authorised, or a part of it; the rest is free again."""
        ...

    def close(self, *, access: Access, reference: str) -> Seen:
        """See that it will not be paid any more: closed if it was not, voided if authorised."""
        ...

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        """Give money back."""
        ...

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        """How a refund stands."""
        ...

    def transfer(self, *, access: Access, ask: TransferAsk) -> SeenMove:
        """Give money to somebody else."""
        ...

    def query_transfer(
        self, *, access: Access, reference: str, their_payment_reference: str = ""
    ) -> SeenMove:
        """How a transfer stands; a share is found only with the payment that it came out of."""
        ...

    def read_notice(self, *, access: Access, headers: Mapping[str, str], body: bytes) -> Notice:
        """What the provider tells. Raises BadSignature; Refused where it is no notice of ours."""
        ...

    def reply(self, *, is_taken: bool) -> Reply:
        """What the provider is answered, so that it stops telling, or tells again."""
        ...

    def statement(self, *, access: Access, day: date) -> bytes:
        """The day's statement file, as the provider gives it."""
        ...

    def disputes(self, *, access: Access, since: datetime) -> Sequence[SeenDispute]:
        """What buyers have fought about, or what was decided of it, since an instant."""
        ...
