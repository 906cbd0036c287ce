"""What must always hold of connections, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.gateway.rules.breaker import LONGEST_REST, PROBE_LIVES
from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS: Final = 50
# Whatever waits for a line that works is sent within minutes.
LONGEST_WAIT: Final = timedelta(hours=1)

_RULES: Final = {
    "a connection has one newest secret and one breaker": Statement("""
SELECT format('connection %%s: newest secrets %%s, breakers %%s', c.id, s.found, b.found)
FROM gateway_connection c,
  LATERAL (SELECT count(*) AS found FROM gateway_connectionsecret
    WHERE merchant_id = c.merchant_id AND connection_id = c.id AND good_until IS NULL) s,
  LATERAL (SELECT count(*) AS found FROM gateway_breaker
    WHERE merchant_id = c.merchant_id AND connection_id = c.id) b
WHERE c.merchant_id = %(merchant)s::bigint AND (s.found, b.found) <> (1, 1)
"""),
    "operations of a lane end in the order in which they came": Statement("""
SELECT format('connection %%s, lane %%s: %%s ended before %%s', o.connection_id, o.lane,
  o.serial_no, w.serial_no)
FROM gateway_operation w JOIN gateway_operation o ON o.merchant_id = w.merchant_id
  AND o.connection_id = w.connection_id AND o.lane = w.lane AND o.id > w.id
WHERE w.merchant_id = %(merchant)s::bigint AND w.state = 'waiting' AND o.state <> 'waiting'
"""),
    "what is due leaves over a line that works": Statement("""
SELECT format('connection %%s: %%s wait since %%s', c.id, count(*), min(q.due_at))
FROM gateway_connection c
JOIN gateway_breaker b ON b.merchant_id = c.merchant_id AND b.connection_id = c.id
JOIN (
  SELECT merchant_id, connection_id, due_at FROM gateway_membersync WHERE wanted > sent
  UNION ALL
  SELECT merchant_id, connection_id, due_at FROM gateway_operation WHERE state = 'waiting'
) q ON q.merchant_id = c.merchant_id AND q.connection_id = c.id
WHERE c.merchant_id = %(merchant)s::bigint AND c.state = 'active' AND c.url <> ''
  AND b.state = 'closed'
  AND q.due_at < coalesce(%(now)s::timestamptz, now()) - make_interval(secs => %(longest)s::int)
GROUP BY c.id
"""),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Secrets, breakers and queues of every connection; report what cannot be right."""
    values = {
        "merchant": str(merchant_id),
        "now": now.isoformat() if now else None,
        "longest": str(int((LONGEST_WAIT + LONGEST_REST + PROBE_LIVES).total_seconds())),
    }
    return [
        Finding(context="gateway", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for (detail,) in statement.rows(values)[:MOST_FINDINGS]
    ]
