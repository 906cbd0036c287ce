"""Somebody has mended the other side: what failed is sent without waiting any longer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.gateway.services.lock_connection import lock_connection
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# Rows in a worker's hands are left to it; they are locked in the order of their ids.
_OPERATIONS: Final = Statement("""
WITH those AS MATERIALIZED (
  SELECT id FROM gateway_operation
  WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
    AND state = 'waiting' AND due_at > %(now)s::timestamptz
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE gateway_operation o SET due_at = %(now)s::timestamptz
FROM those WHERE o.id = those.id
RETURNING o.id
""")
_SYNCS: Final = Statement("""
WITH those AS MATERIALIZED (
  SELECT id FROM gateway_membersync
  WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
    AND wanted > sent AND due_at > %(now)s::timestamptz
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE gateway_membersync s SET due_at = %(now)s::timestamptz
FROM those WHERE s.id = those.id
RETURNING s.id
""")
# One call finds out whether the line works again; the others follow it.
_WAKE: Final = Statement("""
UPDATE gateway_breaker SET rests_until = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s::bigint AND connection_id = %(connection)s::bigint
  AND state = 'open' AND rests_until > %(now)s::timestamptz
RETURNING id
""")


@all_or_nothing
def send_now(*, merchant_id: int, connection_id: int, reason: str, now: datetime) -> int:
    """Let everything that waits on a connection for its next try be due now; how many were.

    A breaker that rests lets one call through to find out. The order of lanes stays.

    Raises NoSuch. Locks the connection, its breaker, and what waits.
    """
    lock_connection(merchant_id=merchant_id, connection_id=connection_id)
    named = {
        "merchant": str(merchant_id),
        "connection": str(connection_id),
        "now": now.isoformat(),
    }
    is_woken = bool(_WAKE.rows(named))
    hurried = len(_OPERATIONS.rows(named)) + len(_SYNCS.rows(named))
    audit.record(
        audit.Change(
            action="gateway.send_now",
            subject="connection",
            subject_id=connection_id,
            reason=reason,
            after={"hurried": hurried, "is_breaker_woken": is_woken},
        ),
        now=now,
    )
    return hurried
