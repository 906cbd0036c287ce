"""How a case ends, whoever ends it."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.events import ExceptionClosed
from santong.fulfilment.models import ExceptionCase
from santong.kernel import audit, outbox, tenancy


def close_row(
    case: ExceptionCase, *, resolution: contracts.Resolution, note: str, now: datetime
) -> None:
    """Write down how a case ended, and tell it."""
    actor = tenancy.current().actor
    case.closed_at = now
    case.resolution = resolution
    case.note = note
    case.owner = case.owner or f"{actor.kind}:{actor.name}"
    case.save(update_fields=["closed_at", "resolution", "note", "owner"])
    audit.record(
        audit.Change(
            action="fulfilment.exception_closed",
            subject="exception_case",
            subject_id=case.id,
            reason=note or resolution,
            after={"order_id": case.order_id, "resolution": resolution},
        ),
        now=now,
    )
    outbox.publish(
        ExceptionClosed(order_id=case.order_id, case_id=case.id, resolution=resolution), now=now
    )
