"""What has happened to the work on orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("fulfilment.fulfilment_offered.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentOffered:
    """A place was asked to send goods."""

    order_id: int
    fulfilment_order_id: int
    location_id: int
    attempt: int
    closes_at: datetime


@fact("fulfilment.fulfilment_accepted.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentAccepted:
    """The place will send them."""

    order_id: int
    fulfilment_order_id: int
    location_id: int


@fact("fulfilment.fulfilment_declined.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentDeclined:
    """The place will not send them, or did not answer in time (`timed_out`)."""

    order_id: int
    fulfilment_order_id: int
    location_id: int
    reason: str
    quantity_by_line: dict[int, int]


@fact("fulfilment.fulfilment_reassigned.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentReassigned:
    """Head office took the work from the place, which has not declined it; others are asked."""

    order_id: int
    fulfilment_order_id: int
    location_id: int
    reason: str
    quantity_by_line: dict[int, int]


@fact("fulfilment.fulfilment_packed.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentPacked:
    """The goods are in the box."""

    order_id: int
    fulfilment_order_id: int
    location_id: int


@fact("fulfilment.parcel_handed_over.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelHandedOver:
    """A carrier has the parcel."""

    order_id: int
    fulfilment_order_id: int
    location_id: int
    parcel_id: int
    carrier: str
    tracking_number: str
    quantity_by_line: dict[int, int]


@fact("fulfilment.ready_for_pickup.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReadyForPickup:
    """The goods wait for the buyer at the counter."""

    order_id: int
    fulfilment_order_id: int
    location_id: int


@fact("fulfilment.parcel_delivered.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelDelivered:
    """The buyer has the goods: signed for, or collected at the counter (no parcel)."""

    order_id: int
    fulfilment_order_id: int
    location_id: int
    parcel_id: int | None
    delivered_at: datetime


@fact("fulfilment.awaited_stock_came.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AwaitedStockCame:
    """Some of what an order is short of can be promised again."""

    order_id: int


@fact("fulfilment.exception_opened.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionOpened:
    """Somebody has to decide what becomes of part of an order."""

    order_id: int
    case_id: int
    kind: str
    location_id: int | None


@fact("fulfilment.exception_closed.v1", aggregate="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionClosed:
    """Somebody has decided."""

    order_id: int
    case_id: int
    resolution: str
