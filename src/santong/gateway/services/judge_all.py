from __future__ import annotations

from datetime import datetime

from santong.gateway.rules.alarm import WINDOW
from santong.gateway.selectors.health import connections_to_judge
from santong.gateway.services.judge_connection import judge_connection
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def judge_all(*, merchant_id: int, now: datetime) -> int:
    """Judge every connection that has failed in the window or has an open alarm; how many.

    Emits ConnectionAlarm, ConnectionRecovered. Locks these connections, by id.
    """
    found = connections_to_judge(merchant_id=merchant_id, since=now - WINDOW)
    for connection_id in found:
        judge_connection(merchant_id=merchant_id, connection_id=connection_id, now=now)
    return len(found)
