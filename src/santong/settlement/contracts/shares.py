"""Who takes part in a sale, and what each is owed of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from santong.settlement.contracts.terms import Due

# `to_come` stands for the place that will fill an order, until the goods leave it.
PartyKind = Literal[
    "head_office",
    "place",
    "dealer",
    "clerk",
    "platform",
    "installer",
    "marketplace",
    "to_come",
]
PARTY_KINDS: tuple[PartyKind, ...] = get_args(PartyKind)

LineKind = Literal["goods", "freight"]
PartState = Literal["open", "cancelled", "superseded"]
PART_STATES: tuple[PartState, ...] = get_args(PartState)
ReversalKind = Literal["refund", "return", "dispute"]
REVERSAL_KINDS: tuple[ReversalKind, ...] = get_args(ReversalKind)
EntryKind = Literal[
    "shared",
    "assigned",
    "cancelled",
    "reversed",
    "restored",
    "paid_out",
    "came_back",
    "corrected",
    "borne",
]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
ShareState = Literal["pending", "due", "reversed", "cancelled"]
SHARE_STATES: tuple[ShareState, ...] = get_args(ShareState)

LONGEST_DOCUMENT = 80
LONGEST_NAME = 120
LONGEST_KEY = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRef:
    """A party by kind and code: the place `SH01`, the dealer `east`, the clerk `G017`."""

    kind: PartyKind
    code: str = ""

    @property
    def text(self) -> str:
        """As it is kept: `place:SH01`, `head_office`."""
        return f"{self.kind}:{self.code}" if self.code else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that sells or fills. Without a dealer it is the merchant's own."""

    code: str
    dealer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """Where and by whom it was sold, as it was at that moment.

    `installer` is the provider that did the work at the buyer's; empty until somebody is named.
    """

    storefront: str
    channel: str
    brand: str = ""
    seller: Place | None = None
    clerk: str = ""
    installer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSaleLine:
    """A line of a document that is no order: what was paid for it, and what it is.

    `price_minor` is before discounts, `list_minor` as on the tag; without them it is what was paid.
    """

    paid_minor: int
    price_minor: int | None = None
    list_minor: int | None = None
    pieces: int = 1
    sku: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a line: so many pieces with what was paid for them, or freight."""

    kind: LineKind
    pieces: int
    paid_minor: int
    price_minor: int
    list_minor: int
    sku: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One party's share of a part of a line, and how it came about.

    `rule` is the code of the rule, or `commission`, `transfer_price` or `rest`; who bears another's
    share has less than nothing under the same rule. `bound` says which bound held it.
    """

    party: PartyRef
    role: str
    rule: str
    base: str
    base_minor: int
    rate_bp: int
    fixed_minor: int
    bound: Literal["", "min", "max"]
    amount_minor: int
    due: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who is owed shares. The receiver at the payment account is masked."""

    id: int
    code: str
    kind: PartyKind
    name: str
    location_id: int | None
    dealer_id: int | None
    account_code: str
    receiver: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a party is owed of a part of a line: as frozen, and what is left of it."""

    id: int
    party_id: int
    party_code: str
    party_name: str
    part_id: int
    line_number: int
    line_kind: LineKind
    order_line_id: int | None
    sku: str
    pieces: int
    filler: str
    role: str
    rule: str
    version: int
    base: str
    base_minor: int
    rate_bp: int
    fixed_minor: int
    bound: str
    amount_minor: int
    left_minor: int
    due_basis: str
    due_days: int
    due_at: datetime | None
    is_due: bool
    is_cancelled: bool
    filler_dealer: str
    document: str
    order_id: int | None
    currency: str
    frozen_at: datetime

    @property
    def state(self) -> ShareState:
        """Where it stands: what is not due yet, what is, and of what nothing is left."""
        if not self.left_minor and self.amount_minor:
            return "cancelled" if self.is_cancelled else "reversed"
        return "due" if self.is_due else "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What one transaction of the ledger did to what parties are owed of a sale."""

    txn_id: int
    kind: str
    at: datetime
    sides: tuple[BookedSide, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedSide:
    """One account of it: of a party, `pending` or `payable`; or of the document, for nobody."""

    party_id: int | None
    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Money that went back to the buyer, and its shares with it; restored, they stand again."""

    id: int
    key: str
    kind: ReversalKind
    amount_minor: int
    reason: str
    at: datetime
    restored_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSale:
    """A sale with all of its shares: what was paid is what they add up to, less what went back."""

    id: int
    document: str
    order_id: int | None
    currency: str
    sold: Sold
    paid_minor: int
    left_minor: int
    version: int
    rule_set_id: int | None
    paid_at: datetime
    frozen_at: datetime
    received_at: datetime | None
    accepted_at: datetime | None
    shares: tuple[Share, ...]
    reversals: tuple[Reversal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBalance:
    """What a party is owed: not yet due, due, and what it owes as less than nothing."""

    party_id: int
    currency: str
    pending_minor: int
    payable_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEntry:
    """One line of a party's books: what it got or gave, of which document, by which rule."""

    id: int
    party_id: int
    kind: EntryKind
    currency: str
    amount_minor: int
    at: datetime
    document: str
    rule: str
    role: str
    sku: str
    payout_line_id: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedParty:
    """What a party got of a sale, and would have got."""

    party_code: str
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A sale, shared by other rules."""

    document: str
    currency: str
    changes: tuple[SimulatedParty, ...]
