"""The life of an order on one line: placed, paid, offered, accepted, shipped, signed."""

from __future__ import annotations

from santong.fulfilment.contracts import TimelineEntry
from santong.fulfilment.models import ExceptionCase, FulfilmentOrder
from santong.fulfilment.selectors.work import parcels_of
from santong.kernel import audit
from santong.orders import public as orders


def timeline_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None = None
) -> list[TimelineEntry]:
    """Everything that happened to an order and to the work on it, oldest first.

    Raises NoSuch.
    """
    changes = orders.timeline_of(
        merchant_id=merchant_id, order_id=order_id, location_ids=location_ids
    )
    entries = [
        TimelineEntry(
            at=entry.at,
            what=entry.name,
            location_id=None,
            actor=entry.actor,
            details={"reason": entry.reason, **entry.details},
        )
        for entry in changes
        if entry.kind != "fact"
    ]
    entries += _of_work(merchant_id, order_id)
    entries += _of_cases(merchant_id, order_id)
    for parcel in parcels_of(merchant_id=merchant_id, order_ids=[order_id]):
        entries += [
            TimelineEntry(
                at=event.at,
                what=f"parcel.{event.state}",
                location_id=None,
                actor=parcel.carrier,
                details={"tracking_number": parcel.tracking_number, "place": event.place},
            )
            for event in parcel.events
        ]
    return sorted(entries, key=lambda entry: entry.at)


def _of_work(merchant_id: int, order_id: int) -> list[TimelineEntry]:
    rows = FulfilmentOrder.objects.of_merchant(merchant_id).filter(order_id=order_id)
    place_by_id = dict(rows.values_list("id", "location_id"))
    trail = audit.trail_of(
        merchant_id=merchant_id, subject="fulfilment_order", subject_ids=sorted(place_by_id)
    )
    return [
        TimelineEntry(
            at=entry.at,
            what=entry.action,
            location_id=entry.after.get("location_id"),
            actor=f"{entry.actor_kind}:{entry.actor_name}",
            details={"reason": entry.reason},
        )
        for entry in trail
    ]


def _of_cases(merchant_id: int, order_id: int) -> list[TimelineEntry]:
    rows = ExceptionCase.objects.of_merchant(merchant_id).filter(order_id=order_id)
    trail = audit.trail_of(
        merchant_id=merchant_id,
        subject="exception_case",
        subject_ids=sorted(rows.values_list("id", flat=True)),
    )
    return [
        TimelineEntry(
            at=entry.at,
            what=entry.action,
            location_id=entry.after.get("location_id"),
            actor=f"{entry.actor_kind}:{entry.actor_name}",
            details={"reason": entry.reason},
        )
        for entry in trail
    ]
