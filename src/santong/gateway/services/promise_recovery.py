"""How long a line may be down: the clock `recover` of a connection, one for each alarm."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import public as clocks
from santong.gateway.models import Alarm
from santong.kernel.tenancy import all_or_nothing

RECOVER = "recover"


@all_or_nothing
def promise_recovery(*, merchant_id: int, alarm_id: int, now: datetime) -> None:
    """Start the clock of an alarm as it was opened, and stop it as it was closed.

    Nothing without a policy `recover` in use. Locks the clock.
    """
    alarm = Alarm.objects.of_merchant(merchant_id).select_related("connection").get(id=alarm_id)
    subject, term = f"connection:{alarm.connection_id}", f"{RECOVER}_{alarm.id}"
    policy = clocks.policy_or_none(merchant_id=merchant_id, code=RECOVER)
    if policy is not None and policy.is_in_use:
        clocks.start(
            merchant_id=merchant_id,
            subject=subject,
            term=term,
            policy_code=RECOVER,
            started_at=alarm.opened_at,
            tags={"connection": alarm.connection.code},
            now=now,
        )
    known = clocks.clock_or_none(merchant_id=merchant_id, subject=subject, term=term)
    if known is not None and alarm.closed_at is not None:
        clocks.stop(
            merchant_id=merchant_id,
            subject=subject,
            term=term,
            at=alarm.closed_at,
            reason="it answers again",
            now=now,
        )
