"""The goods leave the place in the carrier's hands."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from santong.fulfilment import contracts
from santong.fulfilment.errors import StatePassed, TrackingNumberTaken
from santong.fulfilment.events import ParcelHandedOver
from santong.fulfilment.models import FulfilmentOrder, Parcel
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.inventory import public as inventory
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def hand_over(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    carrier: str,
    tracking_number: str,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.Parcel:
    """Give the parcel to a carrier: the goods are shipped and leave the stock. Once, however often.

    Raises NoSuch, StatePassed, TrackingNumberTaken, and what orders refuses of a cancelled order.
    Emits ParcelHandedOver. Locks the work, the order, then stock levels.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.state == "handed_over":
        return _same_parcel(row, carrier, tracking_number)
    row.handed_over_at = now
    step(
        row,
        to="handed_over",
        reason=f"{carrier} {tracking_number}",
        now=now,
        changed=["handed_over_at"],
    )
    quantity_by_line = {line.order_line_id: line.quantity for line in lines_of(row)}
    orders.record_progress(
        merchant_id=merchant_id,
        order_id=row.order_id,
        line_quantities=quantity_by_line,
        kind="shipped",
        now=now,
    )
    inventory.consume(
        merchant_id=merchant_id,
        holder=orders.holder_of(order_id=row.order_id),
        location_id=row.location_id,
        quantity_by_line=quantity_by_line,
        key=f"work:{row.id}",
        now=now,
    )
    parcel = _parcel(row, carrier, tracking_number, now)
    outbox.publish(
        ParcelHandedOver(
            order_id=row.order_id,
            fulfilment_order_id=row.id,
            location_id=row.location_id,
            parcel_id=parcel.id,
            carrier=carrier,
            tracking_number=tracking_number,
            quantity_by_line=quantity_by_line,
        ),
        now=now,
    )
    return parcel.as_contract()


def _parcel(row: FulfilmentOrder, carrier: str, tracking_number: str, now: datetime) -> Parcel:
    try:
        with transaction.atomic():
            return Parcel.objects.create(
                merchant_id=row.merchant_id,
                fulfilment_order=row,
                order_id=row.order_id,
                carrier=carrier,
                tracking_number=tracking_number,
                state="handed_over",
                handed_over_at=now,
            )
    except IntegrityError:
        raise TrackingNumberTaken(carrier=carrier, tracking_number=tracking_number) from None


def _same_parcel(row: FulfilmentOrder, carrier: str, tracking_number: str) -> contracts.Parcel:
    parcel = Parcel.objects.of_merchant(row.merchant_id).get(fulfilment_order=row)
    if (parcel.carrier, parcel.tracking_number) != (carrier, tracking_number):
        raise StatePassed(fulfilment_order_id=row.id, state=row.state, wanted="handed_over")
    return parcel.as_contract()
