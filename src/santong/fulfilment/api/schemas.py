"""Bodies and answers of fulfilment's endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from santong.fulfilment import contracts

Units = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Picked = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Word = Annotated[str, Field(min_length=1, max_length=40)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class LineOut(Schema):
    order_line_id: str
    sku_id: str
    quantity: int
    picked_quantity: int | None


class OfferOut(Schema):
    location_id: str
    opened_at: datetime
    closes_at: datetime
    answer: contracts.OfferAnswer
    answered_at: datetime | None
    answered_by: str
    reason: str


class EventOut(Schema):
    state: contracts.ParcelState
    place: str
    at: datetime


class ParcelOut(Schema):
    """Goods on their way under a carrier's number."""

    id: str
    fulfilment_order_id: str
    order_id: str
    carrier: str
    tracking_number: str
    state: contracts.ParcelState
    handed_over_at: datetime
    delivered_at: datetime | None
    events: list[EventOut]


class WorkOut(Schema):
    """What one place has to do for one order."""

    id: str
    order_id: str
    location_id: str
    mode: contracts.Mode
    state: contracts.State
    attempt: int
    created_at: datetime
    offer_expires_at: datetime | None
    accepted_at: datetime | None
    packed_at: datetime | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    lines: list[LineOut]
    offers: list[OfferOut]
    parcels: list[ParcelOut]


class CaseOut(Schema):
    """Work that needs a person."""

    id: str
    order_id: str
    fulfilment_order_id: str | None
    location_id: str | None
    kind: contracts.ExceptionKind
    details: dict[str, Any]
    opened_at: datetime
    owner: str
    closed_at: datetime | None
    resolution: str


class ReadyOut(Schema):
    """The code is told only here: it goes to the buyer and nowhere else."""

    fulfilment_order: WorkOut
    code: str


class DeclineIn(Body):
    """Why, and how many units of which order lines; all of them if none are named."""

    reason: contracts.DeclineReason
    quantity_by_line: dict[str, Units] | None = None


class ReassignIn(Body):
    """Why head office gives the work to another place, and why once more after three attempts."""

    reason: contracts.ReassignReason
    note: Annotated[str, Field(max_length=500)] = ""
    override: Annotated[str, Field(max_length=500)] = ""


class PickedIn(Body):
    """What was found of every order line; what is missing is sought elsewhere."""

    picked_by_line: dict[str, Picked]
    missing_reason: contracts.DeclineReason = "not_in_stock"


class HandOverIn(Body):
    carrier: Word
    tracking_number: Annotated[str, Field(min_length=1, max_length=60)]


class CollectIn(Body):
    code: Annotated[str, Field(min_length=1, max_length=40)]


class CloseIn(Body):
    resolution: contracts.Resolution
    note: Annotated[str, Field(max_length=500)] = ""


class FillIn(Body):
    """Why somebody tries again."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class FilledOut(Schema):
    """Units that have found a place now, and units that are still wanting, by order line."""

    order_id: str
    quantity_by_line: dict[str, int]
    short_by_line: dict[str, int]


class TrackingIn(Body):
    """What a carrier tells; the same `event_id` twice is one event."""

    carrier: Word
    tracking_number: Annotated[str, Field(min_length=1, max_length=60)]
    event_id: Annotated[str, Field(min_length=1, max_length=80)]
    state: contracts.ParcelState
    place: Annotated[str, Field(max_length=120)] = ""
    at: AwareDatetime


class WorkFilter(Schema):
    state: list[contracts.State] = Field(default_factory=list)
    location_id: str | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
