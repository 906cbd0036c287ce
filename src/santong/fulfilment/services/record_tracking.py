"""What a carrier tells of a parcel."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.events import ParcelDelivered
from santong.fulfilment.models import FulfilmentLine, FulfilmentOrder, Parcel, TrackingEvent
from santong.fulfilment.rules.states import PARCEL_MOVES
from santong.fulfilment.services.open_case import open_case
from santong.fulfilment.services.work import lock_work, step
from santong.kernel import outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def record_tracking(
    *,
    merchant_id: int,
    carrier: str,
    tracking_number: str,
    key: str,
    state: contracts.ParcelState,
    place: str,
    at: datetime,
    now: datetime,
) -> contracts.Parcel:
    """Write down what happened to a parcel; the same `key` twice is one event.

    Events that come late or out of order are kept, and move the parcel only where that makes sense.

    Raises NoSuch. Emits ParcelDelivered, ExceptionOpened. Locks the work, then the order.
    """
    known = (
        Parcel.objects.of_merchant(merchant_id)
        .filter(carrier=carrier, tracking_number=tracking_number)
        .first()
    )
    if known is None:
        raise NoSuch(kind="parcel", key=f"{carrier} {tracking_number}")
    work = lock_work(merchant_id=merchant_id, fulfilment_order_id=known.fulfilment_order_id)
    parcel = Parcel.objects.of_merchant(merchant_id).get(id=known.id)
    _, is_new = TrackingEvent.objects.get_or_create(
        merchant_id=merchant_id,
        parcel=parcel,
        key=key,
        defaults={"state": state, "place": place, "at": at},
    )
    if is_new and state in PARCEL_MOVES[parcel.state]:  # type: ignore[index]
        parcel.state = state
        if state == "delivered":
            parcel.delivered_at = at
            _deliver(work, parcel, at, now)
        parcel.save(update_fields=["state", "delivered_at"])
        if state in {"lost", "returned"}:
            _ask_somebody(work, parcel, now)
    return parcel.as_contract()


def _deliver(work: FulfilmentOrder, parcel: Parcel, at: datetime, now: datetime) -> None:
    work.delivered_at = at
    work.closed_at = now
    step(
        work,
        to="delivered",
        reason=f"signed for, says {parcel.carrier}",
        now=now,
        changed=["delivered_at", "closed_at"],
    )
    lines = FulfilmentLine.objects.of_merchant(work.merchant_id).filter(fulfilment_order=work)
    orders.record_progress(
        merchant_id=work.merchant_id,
        order_id=work.order_id,
        line_quantities={line.order_line_id: line.quantity for line in lines},
        kind="delivered",
        now=now,
    )
    outbox.publish(
        ParcelDelivered(
            order_id=work.order_id,
            fulfilment_order_id=work.id,
            location_id=work.location_id,
            parcel_id=parcel.id,
            delivered_at=at,
        ),
        now=now,
    )


def _ask_somebody(work: FulfilmentOrder, parcel: Parcel, now: datetime) -> None:
    open_case(
        merchant_id=work.merchant_id,
        order_id=work.order_id,
        fulfilment_order_id=work.id,
        location_id=work.location_id,
        kind="parcel_lost" if parcel.state == "lost" else "parcel_returned",
        details={"carrier": parcel.carrier, "tracking_number": parcel.tracking_number},
        now=now,
    )
