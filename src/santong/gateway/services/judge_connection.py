from __future__ import annotations

from datetime import datetime

from santong.gateway.events import ConnectionAlarm, ConnectionRecovered
from santong.gateway.models import Alarm
from santong.gateway.rules.alarm import WINDOW, Counts, is_alarming, percentage
from santong.gateway.selectors.health import counts_since
from santong.gateway.services.lock_connection import lock_connection
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def judge_connection(*, merchant_id: int, connection_id: int, now: datetime) -> Counts:
    """Open an alarm if too many calls of the window failed, close it if they do not any more.

    While it is open it keeps the most failures that a window had.

    Raises NoSuch. Emits ConnectionAlarm, ConnectionRecovered. Locks the connection.
    """
    lock_connection(merchant_id=merchant_id, connection_id=connection_id)
    counts = counts_since(merchant_id=merchant_id, connection_id=connection_id, since=now - WINDOW)
    standing: Alarm | None = (
        Alarm.objects.of_merchant(merchant_id)
        .filter(connection_id=connection_id, closed_at=None)
        .first()
    )
    if is_alarming(counts=counts):
        if standing is None:
            _open(merchant_id, connection_id, counts, now)
        elif counts.failures > standing.failures:
            standing.calls, standing.failures = counts.calls, counts.failures
            standing.save(update_fields=["calls", "failures"])
    elif standing is not None:
        standing.closed_at = now
        standing.save(update_fields=["closed_at"])
        outbox.publish(
            ConnectionRecovered(
                connection_id=connection_id,
                alarm_id=standing.id,
                calls=counts.calls,
                failures=counts.failures,
                percentage=percentage(counts=counts),
            ),
            now=now,
        )
    return counts


def _open(merchant_id: int, connection_id: int, counts: Counts, now: datetime) -> None:
    alarm = Alarm.objects.create(
        merchant_id=merchant_id,
        connection_id=connection_id,
        opened_at=now,
        calls=counts.calls,
        failures=counts.failures,
    )
    outbox.publish(
        ConnectionAlarm(
            connection_id=connection_id,
            alarm_id=alarm.id,
            calls=counts.calls,
            failures=counts.failures,
            percentage=percentage(counts=counts),
        ),
        now=now,
    )
