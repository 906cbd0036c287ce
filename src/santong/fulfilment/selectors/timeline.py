"""The life of an order on one line: placed, paid, offered, accepted, shipped, signed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from santong.fulfilment.contracts import FulfilmentOrder as Work
from santong.fulfilment.contracts import Parcel, TimelineEntry
from santong.fulfilment.models import ExceptionCase, FulfilmentOrder
from santong.fulfilment.selectors.work import parcels_of
from santong.kernel import audit
from santong.orders import public as orders

# A carrier's news of a moment come after what was done here at that moment: it is told of it.
_LAST = sys.maxsize


def timeline_of(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None = None
) -> list[TimelineEntry]:
    """Everything that happened to an order and to the work on it, oldest first.

    What one transaction did has one moment, and stands in the order in which it was done.

    Raises NoSuch.
    """
    changes = orders.timeline_of(
        merchant_id=merchant_id, order_id=order_id, location_ids=location_ids
    )
    entries = [
        TimelineEntry(
            at=entry.at,
            number=entry.number,
            what=entry.name,
            location_id=None,
            actor=entry.actor,
            details={"reason": entry.reason, **entry.details},
        )
        for entry in changes
        if entry.kind != "fact"
    ]
    works = FulfilmentOrder.objects.of_merchant(merchant_id).filter(order_id=order_id)
    cases = ExceptionCase.objects.of_merchant(merchant_id).filter(order_id=order_id)
    entries += _trail(merchant_id, "fulfilment_order", works.values_list("id", flat=True))
    entries += _trail(merchant_id, "exception_case", cases.values_list("id", flat=True))
    entries += _told(parcels_of(merchant_id=merchant_id, order_ids=[order_id]))
    return sorted(entries, key=lambda entry: (entry.at, entry.number))


def timeline_of_work(*, merchant_id: int, work: Sequence[Work]) -> list[TimelineEntry]:
    """What happened to some pieces of work and to their parcels, oldest first, and nothing else."""
    ids = [each.id for each in work]
    entries = _trail(merchant_id, "fulfilment_order", ids)
    entries += _told([parcel for each in work for parcel in each.parcels])
    return sorted(entries, key=lambda entry: (entry.at, entry.number))


def _trail(merchant_id: int, subject: str, subject_ids: Iterable[int]) -> list[TimelineEntry]:
    trail = audit.trail_of(
        merchant_id=merchant_id, subject=subject, subject_ids=sorted(subject_ids)
    )
    return [
        TimelineEntry(
            at=entry.at,
            number=entry.number,
            what=entry.action,
            location_id=entry.after.get("location_id"),
            actor=f"{entry.actor_kind}:{entry.actor_name}",
            details={
                "reason": entry.reason,
                **{name: entry.after[name] for name in ("note", "override") if name in entry.after},
            },
        )
        for entry in trail
    ]


def _told(parcels: Iterable[Parcel]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=event.at,
            number=_LAST,
            what=f"parcel.{event.state}",
            location_id=None,
            actor=parcel.carrier,
            details={"tracking_number": parcel.tracking_number, "place": event.place},
        )
        for parcel in parcels
        for event in parcel.events
    ]
