"""What must always hold of contracts and of what was said over them, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS: Final = 50

_RULES: Final = {
    "what an app says for a customer is taken for one merchant": Statement("""
SELECT format('contract %%s: %%s:%%s is not its name', c.id, c.app_key, c.customer_id)
FROM qimen_contract c
LEFT JOIN directory.name n ON n.kind = 'qimen' AND n.name = c.app_key || ':' || c.customer_id
WHERE c.merchant_id = %(merchant)s::bigint AND n.merchant_id IS DISTINCT FROM c.merchant_id
"""),
    "messages about one document end in the order in which they came": Statement("""
SELECT format('contract %%s, %%s: %%s ended before %%s', e.contract_id, e.lane, e.serial_no,
  w.serial_no)
FROM qimen_sending w JOIN qimen_sending e ON e.merchant_id = w.merchant_id
  AND e.contract_id = w.contract_id AND e.lane = w.lane AND e.id > w.id
WHERE w.merchant_id = %(merchant)s::bigint AND w.state = 'waiting' AND e.state <> 'waiting'
  AND e.code <> 'withdrawn'
"""),
    "what is final has moved, and what was cancelled has not": Statement("""
SELECT format('%%s %%s: %%s, %%s units moved', o.kind, o.code, o.state, sum(l.moved))
FROM qimen_stockorder o
LEFT JOIN qimen_stockorderline l ON l.merchant_id = o.merchant_id AND l.stock_order_id = o.id
WHERE o.merchant_id = %(merchant)s::bigint AND o.state IN ('accepted', 'cancelled')
GROUP BY o.id HAVING sum(l.moved) > 0
"""),
    "of goods that leave, what has moved is what stock has let go": Statement("""
SELECT format('stock order %%s: %%s moved, %%s consumed', o.code, l.moved, r.consumed_quantity)
FROM qimen_stockorder o
JOIN qimen_stockorderline l ON l.merchant_id = o.merchant_id AND l.stock_order_id = o.id
JOIN inventory_reservation r ON r.merchant_id = o.merchant_id
  AND r.holder = 'qimen_stock_order:' || o.id AND r.line_id = l.id
WHERE o.merchant_id = %(merchant)s::bigint AND o.kind = 'stockout'
  AND l.moved <> r.consumed_quantity
"""),
    "what they have sent of an order of ours has left our stock": Statement("""
SELECT format('delivery %%s: %%s sent, the work is %%s', d.code, sum(l.sent), w.state)
FROM qimen_delivery d
JOIN qimen_deliveryline l ON l.merchant_id = d.merchant_id AND l.delivery_id = d.id
JOIN fulfilment_fulfilmentorder w ON w.merchant_id = d.merchant_id AND w.id = d.work_id
WHERE d.merchant_id = %(merchant)s::bigint AND d.state = 'sent'
  AND w.state NOT IN ('handed_over', 'delivered')
GROUP BY d.id, w.id HAVING sum(l.sent) > 0
"""),
    "what is due leaves over a line that works": Statement("""
SELECT format('contract %%s: %%s wait since %%s', c.id, count(*), min(s.due_at))
FROM qimen_contract c
JOIN qimen_sending s ON s.merchant_id = c.merchant_id AND s.contract_id = c.id
WHERE c.merchant_id = %(merchant)s::bigint AND c.state = 'active' AND c.url <> ''
  AND coalesce(c.breaker ->> 'state', 'closed') = 'closed' AND s.state = 'waiting'
  AND s.due_at < coalesce(%(now)s::timestamptz, now()) - interval '1 hour'
GROUP BY c.id
"""),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Contracts, documents and queues; report what cannot be right."""
    values: dict[str, str | None] = {
        "merchant": str(merchant_id),
        "now": now.isoformat() if now else None,
    }
    return [
        Finding(context="qimen", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for (detail,) in statement.rows(values)[:MOST_FINDINGS]
    ]
