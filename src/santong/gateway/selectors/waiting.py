"""What waits on a connection, and why it has not left yet."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.gateway import contracts
from santong.gateway.rules.calls_out import MEMBER_SYNC
from santong.kernel.wire import Statement

_STATES: Final[tuple[contracts.WaitingState, ...]] = ("new", "failed", "behind", "refused")

# What failed comes first, then the oldest; of what was refused the newest.
_WAITING: Final = Statement("""
SELECT serial_no, method, state, attempts, code, since::text, due_at::text FROM (
  (SELECT o.serial_no, o.method, CASE WHEN o.attempts > 0 THEN 'failed' WHEN EXISTS (
        SELECT FROM gateway_operation f WHERE f.merchant_id = o.merchant_id
          AND f.connection_id = o.connection_id AND f.lane = o.lane AND f.state = 'waiting'
          AND f.id < o.id) THEN 'behind' ELSE 'new' END AS state,
      o.attempts, o.code, o.created_at AS since, o.due_at
    FROM gateway_operation o
    WHERE o.merchant_id = %(merchant)s::bigint AND o.connection_id = %(connection)s::bigint
      AND o.state = 'waiting'
    ORDER BY o.attempts DESC, o.id LIMIT %(most)s::int)
  UNION ALL
  (SELECT s.member_id::text, %(sync)s, CASE WHEN s.attempts > 0 THEN 'failed' ELSE 'new' END,
      s.attempts, s.code, s.changed_at, s.due_at
    FROM gateway_membersync s
    WHERE s.merchant_id = %(merchant)s::bigint AND s.connection_id = %(connection)s::bigint
      AND s.wanted > s.sent
    ORDER BY s.attempts DESC, s.id LIMIT %(most)s::int)
  UNION ALL
  (SELECT o.serial_no, o.method, 'refused', o.attempts, o.code, o.created_at, o.ended_at
    FROM gateway_operation o
    WHERE o.merchant_id = %(merchant)s::bigint AND o.connection_id = %(connection)s::bigint
      AND o.state = 'refused'
    ORDER BY o.id DESC LIMIT %(refused)s::int)
) w
ORDER BY state = 'refused', state <> 'failed', since
LIMIT %(most)s::int
""")


def waiting_of(
    *, merchant_id: int, connection_id: int, limit: int, refused: int
) -> list[contracts.Waiting]:
    """What waits on a connection, failures first, and the last that were refused for good."""
    rows = _WAITING.rows(
        {
            "merchant": str(merchant_id),
            "connection": str(connection_id),
            "sync": MEMBER_SYNC,
            "most": str(limit),
            "refused": str(refused),
        }
    )
    return [
        contracts.Waiting(
            connection_id=connection_id,
            serial_no=serial_no,
            method=method,
            state=_STATES[_STATES.index(state)],
            attempts=attempts,
            code=code,
            since=datetime.fromisoformat(since),
            due_at=datetime.fromisoformat(due_at),
        )
        for serial_no, method, state, attempts, code, since, due_at in rows
    ]
