from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.gateway import contracts
from santong.gateway.selectors.connections import connection_by_id
from santong.gateway.selectors.lines import forget_lines
from santong.gateway.services.lock_connection import lock_connection
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def pause_connection(
    *, merchant_id: int, connection_id: int, reason: str, now: datetime
) -> contracts.Connection:
    """Let nothing in or out within a second; what waits keeps waiting. Twice is once.

    Raises NoSuch. Locks the connection.
    """
    _turn(merchant_id, connection_id, "paused", reason, now)
    return connection_by_id(merchant_id=merchant_id, connection_id=connection_id, now=now)


@all_or_nothing
def resume_connection(
    *, merchant_id: int, connection_id: int, reason: str, now: datetime
) -> contracts.Connection:
    """Let calls in and out again; what waited is sent. Twice is once.

    Raises NoSuch. Locks the connection.
    """
    _turn(merchant_id, connection_id, "active", reason, now)
    return connection_by_id(merchant_id=merchant_id, connection_id=connection_id, now=now)


_ACTIONS: Final = {"paused": "gateway.pause_connection", "active": "gateway.resume_connection"}


def _turn(
    merchant_id: int,
    connection_id: int,
    state: contracts.ConnectionState,
    reason: str,
    now: datetime,
) -> None:
    row = lock_connection(merchant_id=merchant_id, connection_id=connection_id)
    if row.state == state:
        return
    before, row.state = row.state, state
    row.version += 1
    row.save(update_fields=["state", "version"])
    forget_lines()
    audit.record(
        audit.Change(
            action=_ACTIONS[state],
            subject="connection",
            subject_id=row.id,
            reason=reason,
            before={"state": before},
            after={"state": state},
        ),
        now=now,
    )
