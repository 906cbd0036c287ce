"""What waits to be sent, and how members stand that a marketplace is to be told of."""

from __future__ import annotations

from datetime import datetime

from santong.gateway.contracts import BREAKER_STATES, BreakerState
from santong.kernel.wire import Statement

_DUE = Statement("""
SELECT c.id, b.state, coalesce(b.rests_until > %(now)s::timestamptz, false)
FROM gateway_connection c
JOIN gateway_breaker b ON b.merchant_id = c.merchant_id AND b.connection_id = c.id
WHERE c.merchant_id = %(merchant)s::bigint AND c.state = 'active' AND c.url <> ''
  AND (EXISTS (SELECT FROM gateway_membersync s
      WHERE s.merchant_id = c.merchant_id AND s.connection_id = c.id AND s.wanted > s.sent
        AND s.due_at <= %(now)s::timestamptz)
    OR EXISTS (SELECT FROM gateway_operation o
      WHERE o.merchant_id = c.merchant_id AND o.connection_id = c.id AND o.state = 'waiting'
        AND o.due_at <= %(now)s::timestamptz))
ORDER BY c.id
""")


def identity_place(*, connection_id: int, member_id: int) -> str:
    """What binds a sealed name to its connection and member."""
    return f"gateway.identity:{connection_id}:{member_id}"


def operation_place(*, connection_id: int, serial_no: str) -> str:
    """What binds a sealed operation to its connection and number."""
    return f"gateway.operation:{connection_id}:{serial_no}"


def lines_with_work(*, merchant_id: int, now: datetime) -> list[tuple[int, BreakerState]]:
    """Connections over which something is due, and their breakers; not those that rest."""
    rows = _DUE.rows({"merchant": str(merchant_id), "now": now.isoformat()})
    return [
        (connection_id, BREAKER_STATES[BREAKER_STATES.index(state)])
        for connection_id, state, rests in rows
        if not rests
    ]
