from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.messaging.models import Endpoint, Place
from santong.messaging.services.lock_webhook import lock_webhook


@all_or_nothing
def pause_webhook(*, merchant_id: int, webhook_id: int, reason: str, now: datetime) -> None:
    """Send nothing to an endpoint; what is told meanwhile waits for it. Twice is once.

    Raises NoSuch. Locks the endpoint and its place.
    """
    row, place = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    if row.state in {"paused", "gone"}:
        return
    before = row.state
    row.state, row.paused_why, row.failing_since = "paused", "asked", None
    place.is_open = False
    _keep(row, place, before=before, action="messaging.pause_webhook", reason=reason, now=now)


@all_or_nothing
def resume_webhook(*, merchant_id: int, webhook_id: int, reason: str, now: datetime) -> None:
    """Send to an endpoint again, beginning with what waited. Twice is once.

    Raises NoSuch. Locks the endpoint and its place.
    """
    row, place = lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    if row.state not in {"paused", "gone"}:
        return
    before = row.state
    row.state, row.paused_why, row.failing_since = "active", "", None
    place.is_open, place.failures, place.trips, place.rests_until = True, 0, 0, None
    _keep(row, place, before=before, action="messaging.resume_webhook", reason=reason, now=now)


def _keep(
    row: Endpoint, place: Place, *, before: str, action: str, reason: str, now: datetime
) -> None:
    row.version += 1
    row.save(update_fields=["state", "paused_why", "failing_since", "version"])
    place.save(update_fields=["is_open", "failures", "trips", "rests_until"])
    audit.record(
        audit.Change(
            action=action,
            subject="webhook",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": row.state},
        ),
        now=now,
    )
