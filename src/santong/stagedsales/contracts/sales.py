"""Staged sales as others know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from santong.stagedsales.contracts.plans import Basis, Due, StageTerms

SaleState = Literal[
    "reserved",
    "deposit_paid",
    "code_issued",
    "redeemed",
    "contracted",
    "in_progress",
    "accepted",
    "closed",
    "expired",
    "cancelled",
    "refunded",
    "disputed",
]
SALE_STATES: tuple[SaleState, ...] = get_args(SaleState)

CodeState = Literal["issued", "redeemed", "expired", "void"]
CODE_STATES: tuple[CodeState, ...] = get_args(CodeState)

StageState = Literal["planned", "due", "paid", "released", "refunded", "waived"]
STAGE_STATES: tuple[StageState, ...] = get_args(StageState)

ChangeState = Literal["proposed", "accepted", "declined", "withdrawn"]
CHANGE_STATES: tuple[ChangeState, ...] = get_args(ChangeState)

AcceptedBy = Literal["", "buyer_page", "buyer_code", "silence", "visit", "payment"]
ACCEPTED_BY: tuple[AcceptedBy, ...] = get_args(AcceptedBy)

SyncOutcome = Literal["confirmed", "double", "refused"]
SYNC_OUTCOMES: tuple[SyncOutcome, ...] = get_args(SyncOutcome)

LONGEST_KEY = 80
LONGEST_NUMBER = 60
LONGEST_DEVICE = 60
LONGEST_NOTE = 200
MOST_PHOTOS = 12
MOST_SYNCED = 200
DEPOSIT = 0
_KIND = "stagedsale:"
_MOST_DIGITS = 18

# What a device that cannot ask has no way to know of a code that it takes.
NOT_CHECKED_OFFLINE: tuple[str, ...] = (
    "redeemed_elsewhere",
    "deposit_given_back",
    "sale_cancelled",
    "payment_disputed",
)


def subject_of(sale_id: int) -> str:
    """What others know a sale by: `stagedsale:5`."""
    return f"{_KIND}{sale_id}"


def document_of(sale_id: int, number: int) -> str:
    """What payments knows a stage by, or the deposit (0): `stagedsale:5-0`."""
    return f"{_KIND}{sale_id}-{number}"


def sale_of_subject(subject: str) -> int | None:
    """The sale that a subject is, if it is one."""
    number = subject.removeprefix(_KIND)
    return _number(number) if number != subject else None


def sale_of_document(document: str) -> tuple[int, int] | None:
    """The sale and the document's number in it, if a document is of a staged sale."""
    text = document.removeprefix(_KIND)
    if text == document:
        return None
    sale, _, part = text.partition("-")
    sale_id, number = _number(sale), _number(part)
    return None if sale_id is None or number is None else (sale_id, number)


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_one else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys, in clear text. It is kept sealed."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedBuyer:
    """Who buys, as screens show it."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleCode:
    """A redemption code, but for its number: that is shown to its buyer alone."""

    tail: str
    state: CodeState
    issued_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None
    location_id: int | None
    device: str
    redeemed_by: str
    is_provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractGoods:
    """So many units of a SKU that a contract is about."""

    sku_code: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleMoney:
    """What came in for one document of a sale, what is kept of it, and what goes or went back.

    `given_minor` of what goes back makes something good: the buyer has it, and owes it no more.
    """

    number: int
    document: str
    keep_minor: int
    received_minor: int
    returning_minor: int
    returned_minor: int
    given_minor: int

    @property
    def net_minor(self) -> int:
        """What is there of what is to stay, or was given back of it to make something good."""
        there = self.received_minor - self.returning_minor
        return there + min(self.given_minor, max(0, self.keep_minor - there))

    @property
    def open_minor(self) -> int:
        """What is still to come in."""
        return max(0, self.keep_minor - self.net_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleStage:
    """One stage of a signed contract."""

    number: int
    document_number: int
    document: str
    name: str
    basis: Basis
    due: Due
    amount_minor: int
    share_bp: int
    due_on: date | None
    due_days: int
    gates_delivery: bool
    waits_for_acceptance: bool
    silence_days: int
    state: StageState
    paid_minor: int
    released_minor: int
    open_minor: int
    due_at: datetime | None
    paid_at: datetime | None
    done_at: datetime | None
    accepted_at: datetime | None
    accepted_by: AcceptedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleContract:
    """What was signed in the store."""

    number: str
    amount_minor: int
    signed_on: date
    signed_at: datetime
    signed_by: str
    rules_at: datetime
    version: int
    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleChange:
    """A change order: a version of the contract that the buyer accepts or does not."""

    version: int
    state: ChangeState
    amount_minor: int
    before_minor: int
    refund_minor: int
    stages: tuple[tuple[int, StageTerms, int], ...]
    before: tuple[tuple[int, StageTerms, int], ...]
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedSale:
    """A sale from its deposit to its end."""

    id: int
    plan_id: int
    plan_code: str
    plan_version: int
    name: str
    state: SaleState
    currency: str
    deposit_minor: int
    credited_to: int
    storefront_id: int
    location_id: int | None
    member_id: int | None
    order_id: int | None
    buyer: MaskedBuyer
    reserved_at: datetime
    deposit_until: datetime
    delivered_at: datetime | None
    ended_at: datetime | None
    why: str
    code: SaleCode | None
    contract: SaleContract | None
    stages: tuple[SaleStage, ...]
    money: tuple[SaleMoney, ...]
    changes: tuple[SaleChange, ...]

    @property
    def subject(self) -> str:
        """What others know it by."""
        return subject_of(self.id)

    @property
    def number(self) -> str:
        """By which people speak of it."""
        return f"S{self.id:06}"

    @property
    def open_change(self) -> SaleChange | None:
        """The change that waits for the buyer."""
        return next((each for each in self.changes if each.state == "proposed"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A sale that was just made, and the token of the buyer's page."""

    sale_id: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A code that was taken. `is_repeat`: the same device asked again, and this is its answer."""

    sale_id: int
    redeemed_at: datetime
    location_id: int | None
    device: str
    redeemed_by: str
    is_provisional: bool
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineRedemption:
    """A code that a device took while it could not ask; `nonce` names it among the device's.

    `code` is what was typed or scanned: twelve digits, or the signed form.
    """

    nonce: str
    code: str = field(repr=False)
    redeemed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What became of it: confirmed, taken by another before, or refused; and why."""

    nonce: str
    outcome: SyncOutcome
    why: str
    sale_id: int | None
    first_at: datetime | None
    first_location_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleRedemption:
    """A code that a second device took offline, for the store's manager to see to."""

    id: int
    sale_id: int
    device: str
    location_id: int
    redeemed_at: datetime
    synced_at: datetime
    first_device: str
    first_location_id: int | None
    first_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture of what was signed or done, as it was taken."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStage:
    """A stage of a change order: an unpaid one by its number, or a new one (0)."""

    number: int
    terms: StageTerms
