"""A visit at the buyer's, as others see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

State = Literal[
    "requested",
    "offered",
    "booked",
    "confirmed",
    "en_route",
    "arrived",
    "working",
    "done",
    "accepted",
    "missed",
    "cancelled",
]
STATES: tuple[State, ...] = get_args(State)

# Who did not come, who reported it, who called it off.
Side = Literal["technician", "buyer"]
SIDES: tuple[Side, ...] = get_args(Side)

CheckedInBy = Literal["place", "code"]
CHECKED_IN_BY: tuple[CheckedInBy, ...] = get_args(CheckedInBy)

AcceptedBy = Literal["buyer_code", "signature", "silence"]
ACCEPTED_BY: tuple[AcceptedBy, ...] = get_args(AcceptedBy)

FollowReason = Literal["missed", "parts", "not_finished", "rework"]
FOLLOW_REASONS: tuple[FollowReason, ...] = get_args(FollowReason)

PartKind = Literal["used", "needed"]
PART_KINDS: tuple[PartKind, ...] = get_args(PartKind)

# Why somebody is not sent.
Refusal = Literal["skill", "territory", "away", "no_time"]
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom the technician asks for. What names a person never shows in a repr or a log."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the work is. Without a point, the address is looked up."""

    province: str = ""
    city: str = ""
    district: str = ""
    address: str = field(default="", repr=False)
    latitude: float | None = field(default=None, repr=False)
    longitude: float | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedContact:
    """Whom and where, as screens show it without a reason."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedContact:
    """Whom and where, in clear text, for a reason that stands in the trail."""

    contact: Contact = field(repr=False)
    place: Place = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which somebody can arrive."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Somebody's time for a visit: held until an instant, or booked."""

    id: int
    visit_id: int
    technician_id: int
    state: str
    window: Window
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime
    held_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that was used, or that is needed for the visit: a SKU's code and how many."""

    kind: PartKind
    sku_code: str
    quantity: int
    is_there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOffer:
    """What one technician would have cost; `refused` says why they could not be sent."""

    technician_id: int
    code: str
    refused: Refusal | None
    starts_at: datetime | None
    added_minutes: int
    load_minutes: int
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why this technician: every candidate with its cost, the cheapest first."""

    id: int
    visit_id: int
    at: datetime
    window: Window
    chosen_id: int | None
    offers: tuple[DecisionOffer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTried:
    """What came of a code that somebody typed; with `wait_seconds` it was tried too often."""

    is_right: bool
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFee:
    """What a late cancellation costs, and how far it is paid; the page where it can be, if any.

    What the shop has given back of it is not asked for again.
    """

    owed_minor: int
    paid_minor: int
    returned_minor: int
    open_minor: int
    currency: str
    pay_page: str
    pay_method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit: what for, how far it is, who comes when. The contact is masked."""

    id: int
    document: str
    service_type_id: int
    service_type: str
    service_name: str
    state: State
    contact: MaskedContact
    latitude: float
    longitude: float
    waits_for_goods: bool
    seller_location_id: int | None
    provider_id: int | None
    provider_code: str
    technician_id: int | None
    technician_name: str
    window: Window | None
    starts_at: datetime | None
    ends_at: datetime | None
    follows_id: int | None
    follow_reason: str
    requested_at: datetime
    booked_at: datetime | None
    arrived_at: datetime | None
    checked_in_by: str
    done_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    buyer_reported_at: datetime | None
    missed_by: str
    cancelled_by: str
    is_late: bool
    fee_minor: int
    sequence: int
    version: int
