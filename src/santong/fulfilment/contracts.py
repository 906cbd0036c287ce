"""What other contexts know of the work on orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

State = Literal[
    "offered",
    "accepted",
    "picking",
    "packed",
    "ready_for_pickup",
    "handed_over",
    "delivered",
    "declined",
    "timed_out",
    "cancelled",
    "exception",
]
STATES: tuple[State, ...] = get_args(State)

Mode = Literal["ship", "pickup"]

DeclineReason = Literal[
    "not_in_stock", "mismatch", "damaged", "display_piece", "no_time", "closed", "too_far"
]
DECLINE_REASONS: tuple[DeclineReason, ...] = get_args(DeclineReason)

ReassignReason = Literal[
    "sooner_elsewhere",
    "overloaded",
    "disrupted",
    "kept_for_counter",
    "one_parcel",
    "stock_missing",
    "other",
]
REASSIGN_REASONS: tuple[ReassignReason, ...] = get_args(ReassignReason)

OfferAnswer = Literal["open", "accepted", "declined", "timed_out", "withdrawn"]
ANSWERS: tuple[OfferAnswer, ...] = get_args(OfferAnswer)

ParcelState = Literal[
    "handed_over",
    "collected",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "delayed",
    "lost",
    "returned",
]
PARCEL_STATES: tuple[ParcelState, ...] = get_args(ParcelState)

ExceptionKind = Literal[
    "nothing_can_serve",
    "too_many_attempts",
    "pickup_declined",
    "unfilled",
    "parcel_lost",
    "parcel_returned",
]
EXCEPTION_KINDS: tuple[ExceptionKind, ...] = get_args(ExceptionKind)

Resolution = Literal["rerouted", "waited", "cancelled", "resent", "noted"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentLine:
    """Units of one order line that one place sends."""

    id: int
    order_line_id: int
    sku_id: int
    quantity: int
    picked_quantity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a place was asked, until when, and what it answered."""

    location_id: int
    opened_at: datetime
    closes_at: datetime
    answer: OfferAnswer
    answered_at: datetime | None
    answered_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEvent:
    """What a carrier has told of a parcel."""

    state: ParcelState
    place: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Goods on their way under a carrier's number."""

    id: int
    fulfilment_order_id: int
    order_id: int
    carrier: str
    tracking_number: str
    state: ParcelState
    handed_over_at: datetime
    delivered_at: datetime | None
    events: tuple[TrackingEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentOrder:
    """What one place has to do for one order."""

    id: int
    order_id: int
    location_id: int
    mode: Mode
    state: State
    attempt: int
    excluded_location_ids: tuple[int, ...]
    created_at: datetime
    offered_at: datetime | None
    offer_expires_at: datetime | None
    accepted_at: datetime | None
    packed_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    lines: tuple[FulfilmentLine, ...]
    offers: tuple[Offer, ...] = ()
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Goods that wait for the buyer. The code is told once, here; only its hash is kept."""

    fulfilment_order: FulfilmentOrder
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRest:
    """What was found of an order's missing units, and what is still wanting, by line."""

    order_id: int
    quantity_by_line: Mapping[int, int]
    short_by_line: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswers:
    """What one place answered to the offers of late."""

    location_id: int
    accepted: int
    declined: int
    timed_out: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionCase:
    """Work that needs a person: what happened, since when, and what can be done."""

    id: int
    order_id: int
    fulfilment_order_id: int | None
    location_id: int | None
    kind: ExceptionKind
    details: Mapping[str, object]
    opened_at: datetime
    owner: str
    closed_at: datetime | None
    resolution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One moment in the life of an order, from its placing to its signing.

    What has the same moment came in the order of the numbers.
    """

    at: datetime
    number: int
    what: str
    location_id: int | None
    actor: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Where somebody may see orders that are sold there, and orders that are worked on there.

    None is everywhere.
    """

    sold_at: frozenset[int] | None
    worked_at: frozenset[int] | None
