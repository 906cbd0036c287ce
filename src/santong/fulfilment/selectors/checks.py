"""What must hold of the work on orders, in a live system."""

from __future__ import annotations

from django.db import connection

from santong.fulfilment.rules.states import BOUND, LIVE
from santong.kernel.doctor import Finding

_TOO_MUCH = """
SELECT l.order_line_id, sum(l.quantity), ol.quantity - ol.cancelled_quantity
FROM fulfilment_fulfilmentline l
JOIN fulfilment_fulfilmentorder f ON f.id = l.fulfilment_order_id
JOIN orders_orderline ol ON ol.id = l.order_line_id
WHERE f.merchant_id = %(merchant)s AND f.state = ANY(%(binding)s)
  AND (f.state = ANY(%(gone)s) OR ol.cancelled_quantity = 0)
GROUP BY l.order_line_id, ol.quantity, ol.cancelled_quantity
HAVING sum(l.quantity) > ol.quantity
LIMIT 20
"""
_UNCOUNTED = """
SELECT l.order_line_id, sum(l.quantity), ol.shipped_quantity
FROM fulfilment_fulfilmentline l
JOIN fulfilment_fulfilmentorder f ON f.id = l.fulfilment_order_id
JOIN orders_orderline ol ON ol.id = l.order_line_id
WHERE f.merchant_id = %(merchant)s AND f.state = ANY(%(gone)s)
GROUP BY l.order_line_id, ol.shipped_quantity
HAVING sum(l.quantity) <> ol.shipped_quantity
LIMIT 20
"""
_UNWORKED = """
SELECT r.holder, r.line_id, r.location_id
FROM inventory_reservation r
JOIN orders_orderline ol ON ol.id = r.line_id
JOIN orders_order o ON o.id = ol.order_id AND o.state IN ('paid', 'partly_shipped')
WHERE r.merchant_id = %(merchant)s AND r.state = 'allocated'
  AND o.paid_at < now() - interval '10 minutes'
  AND NOT EXISTS (
    SELECT FROM fulfilment_heldorder h
    WHERE h.merchant_id = %(merchant)s AND h.order_id = o.id)
  AND NOT EXISTS (
    SELECT FROM fulfilment_fulfilmentorder f
    JOIN fulfilment_fulfilmentline l ON l.fulfilment_order_id = f.id
    WHERE f.merchant_id = %(merchant)s AND f.order_id = o.id AND f.location_id = r.location_id
      AND l.order_line_id = r.line_id AND f.state = ANY(%(bound)s))
LIMIT 20
"""


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Nothing is sent twice, everything sent is counted, and nothing firm lies forgotten."""
    values: dict[str, int | list[str]] = {
        "merchant": merchant_id,
        "binding": list(BOUND),
        "gone": ["handed_over", "delivered"],
        "bound": [*LIVE, "exception"],
    }
    rules = (
        ("no more work than was ordered", _TOO_MUCH, "line {0}: {1} units of {2}"),
        ("what was handed over is counted as shipped", _UNCOUNTED, "line {0}: {1} of {2} counted"),
        ("firm stock has work or an open case", _UNWORKED, "{0}, line {1} at place {2}"),
    )
    findings = []
    with connection.cursor() as cursor:
        for rule, statement, told in rules:
            cursor.execute(statement, values)
            findings += [
                Finding("fulfilment", rule, told.format(*row)) for row in cursor.fetchall()
            ]
    return findings
