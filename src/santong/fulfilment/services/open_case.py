"""Put work into the exception queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.events import ExceptionOpened
from santong.fulfilment.models import ExceptionCase
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def open_case(
    *,
    merchant_id: int,
    order_id: int,
    fulfilment_order_id: int | None,
    location_id: int | None,
    kind: contracts.ExceptionKind,
    details: Mapping[str, object],
    now: datetime,
) -> contracts.ExceptionCase:
    """Open a case that a person has to close; an open one of its kind is the same case.

    Emits ExceptionOpened.
    """
    case, is_new = ExceptionCase.objects.get_or_create(
        merchant_id=merchant_id,
        order_id=order_id,
        fulfilment_order_id=fulfilment_order_id,
        kind=kind,
        closed_at=None,
        defaults={"location_id": location_id, "details": dict(details), "opened_at": now},
    )
    if is_new:
        audit.record(
            audit.Change(
                action="fulfilment.exception_opened",
                subject="exception_case",
                subject_id=case.id,
                reason=kind,
                after={"order_id": order_id, "location_id": location_id, **details},
            ),
            now=now,
        )
        outbox.publish(
            ExceptionOpened(order_id=order_id, case_id=case.id, kind=kind, location_id=location_id),
            now=now,
        )
    return case.as_contract()
