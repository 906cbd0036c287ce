"""A case: what a buyer asks for after the sale, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

Kind = Literal["return", "exchange", "repair", "resend", "refund_only"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# How the goods come back; at home, whoever repairs them comes to the buyer.
Way = Literal["shop", "pickup", "mail", "none", "home"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)

Reason = Literal[
    "changed_mind",
    "wrong_size",
    "damaged",
    "defective",
    "missing_part",
    "wrong_item",
    "not_as_described",
    "not_received",
    "other",
]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
# What the seller or the carrier has to answer for.
FAULTS: Final[frozenset[str]] = frozenset(
    {"damaged", "defective", "missing_part", "wrong_item", "not_as_described", "not_received"}
)

CaseState = Literal["requested", "awaiting_goods", "working", "done", "refused", "cancelled"]
CASE_STATES: Final[tuple[CaseState, ...]] = get_args(CaseState)
ENDED: Final[frozenset[str]] = frozenset({"done", "refused", "cancelled"})
# States in which somebody of the house has to act.
NEEDS_STATES: Final[tuple[CaseState, ...]] = ("requested", "awaiting_goods", "working")

Channel = Literal["buyer", "store", "service", "agreement"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

Condition = Literal["sellable", "damaged"]
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)

RefundState = Literal["planned", "asked", "done", "failed"]
REFUND_STATES: Final[tuple[RefundState, ...]] = get_args(RefundState)
RefundWhat = Literal["goods", "freight", "difference", "goodwill"]
REFUND_WHATS: Final[tuple[RefundWhat, ...]] = get_args(RefundWhat)

LONGEST_KEY: Final = 100
LONGEST_REASON: Final = 500
LONGEST_WORDS: Final = 1_000
MOST_LINES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCaseLine:
    """So many units of a line of the order."""

    order_line_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What somebody asks for. `words` are the buyer's, and shown to whoever works on the case."""

    order_id: int
    kind: Kind
    way_back: Way
    reason: Reason
    lines: tuple[NewCaseLine, ...]
    channel: Channel
    key: str
    words: str = field(default="", repr=False)
    location_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """What is sent in place of something: so many of a SKU, at a price for all of them.

    Without a price it is worth as much as what it replaces.
    """

    sku_code: str
    quantity: int
    price_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person decides, where it differs from the proposal: None is as proposed.

    `refund_minor` is what goes back for the goods, `units` what is sent instead of the same
    again, `location_code` the counter at which it is collected instead of sent.
    """

    verdict: Literal["accept", "refuse"] = "accept"
    kind: Kind | None = None
    needs_return: bool | None = None
    refund_minor: int | None = None
    freight_minor: int | None = None
    units: tuple[NewUnit, ...] | None = None
    location_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """Units of one line of an order: what of them came back, and how."""

    id: int
    order_line_id: int
    sku_id: int
    sku_code: str
    sku_name: str
    quantity: int
    value_minor: int
    sellable: int
    damaged: int

    @property
    def received(self) -> int:
        """What came back."""
        return self.sellable + self.damaged


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundStep:
    """Money that goes back for a case: once for its key."""

    id: int
    number: int
    what: RefundWhat
    document: str
    key: str
    amount_minor: int
    state: RefundState
    refund_id: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """An order that a case made: what is sent again, or instead."""

    id: int
    number: int
    order_id: int
    external_number: str
    cause: Literal["resend", "exchange"]
    is_held: bool
    is_delivered: bool
    is_given_up: bool
    difference_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """Units of a case's line that came back, by what can become of them."""

    case_line_id: int
    sellable: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Goods that came back to a place."""

    id: int
    case_id: int
    location_id: int
    at: datetime
    by: str
    lines: tuple[ReceivedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedUnits:
    """Units that came back damaged and lie at a place: in no stock, promised to nobody."""

    id: int
    case_id: int
    location_id: int
    sku_id: int
    left: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the buyer or the house wrote about a case."""

    id: int
    by_buyer: bool
    by: str
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a buyer asks for after the sale; `number` is how people call it."""

    id: int
    number: str
    order_id: int
    document: str
    storefront_id: int
    location_id: int | None
    member_id: int | None
    kind: Kind
    wanted: Kind
    way_back: Way
    reason: Reason
    state: CaseState
    channel: Channel
    currency: str
    needs_return: bool
    sends_at_once: bool
    refund_minor: int
    freight_minor: int
    term_reference: str
    opened_at: datetime
    opened_by: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    answered_at: datetime | None
    ended_at: datetime | None
    why_ended: str
    waits_for: str
    lines: tuple[CaseLine, ...]
    words: str = field(default="", repr=False)

    @property
    def is_ended(self) -> bool:
        """Whether nothing more is done."""
        return self.state in ENDED

    @property
    def subject(self) -> str:
        """How evidence, clocks and visits call it."""
        return f"case:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """What of a line of an order a case can be about, and what one more unit is worth.

    `good_until` is the end of its warranty; None where there is none.
    """

    order_line_id: int
    number: int
    sku_id: int
    sku_code: str
    sku_name: str
    arrived: int
    in_cases: int
    left: int
    value_minor: int
    delivered_at: datetime | None
    good_until: datetime | None = None
