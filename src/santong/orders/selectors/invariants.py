"""What must hold of every order, asked of a live database."""

from __future__ import annotations

from django.db import connection

from santong.kernel.doctor import Finding

_MOST_NAMED = 20

# Each gives the ids of orders for which the sentence is not true.
_RULES = {
    "an order's goods and discount are the sums of its lines": """
        SELECT o.id FROM orders_order o
        LEFT JOIN orders_orderline l ON l.merchant_id = o.merchant_id AND l.order_id = o.id
        WHERE o.merchant_id = %s
        GROUP BY o.id
        HAVING coalesce(sum(l.line_total_minor), 0) <> o.goods_minor - o.discount_minor
            OR coalesce(sum(l.order_discount_minor), 0) <> o.discount_minor
    """,
    "what an order counts as paid and due back is the sum of its payment events": """
        SELECT o.id FROM orders_order o
        LEFT JOIN orders_paymentevent p ON p.merchant_id = o.merchant_id AND p.order_id = o.id
        WHERE o.merchant_id = %s
        GROUP BY o.id
        HAVING coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'payment'), 0) <> o.paid_minor
            OR coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'refund_due'), 0)
                <> o.refund_due_minor
    """,
    "an order's state is what its lines say": """
        SELECT o.id FROM orders_order o
        JOIN (
            SELECT order_id, sum(quantity - cancelled_quantity) AS kept,
                sum(shipped_quantity) AS shipped, sum(delivered_quantity) AS delivered
            FROM orders_orderline WHERE merchant_id = %s GROUP BY order_id
        ) l ON l.order_id = o.id
        WHERE o.state <> CASE
            WHEN kept = 0 THEN 'cancelled'
            WHEN shipped = 0 AND o.state IN ('placed', 'paid', 'paid_without_stock') THEN o.state
            WHEN shipped = 0 THEN 'nothing shipped'
            WHEN shipped < kept THEN 'partly_shipped'
            WHEN delivered < kept THEN 'shipped'
            ELSE 'delivered'
        END
    """,
    "what was paid for a cancelled order goes back or is kept": """
        SELECT o.id FROM orders_order o
        WHERE o.merchant_id = %s AND o.state = 'cancelled'
            AND o.paid_minor <> o.refund_due_minor + o.forfeited_minor
    """,
    "every change of an order's state is in the audit trail": """
        SELECT o.id FROM orders_order o
        WHERE o.merchant_id = %s AND NOT EXISTS (
            SELECT FROM kernel_auditentry a
            WHERE a.merchant_id = o.merchant_id AND a.subject = 'order' AND a.subject_id = o.id
                AND a.after ->> 'state' = o.state
        )
    """,
}


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Every rule of orders that some order breaks, with the first of those orders."""
    findings = []
    with connection.cursor() as cursor:
        for rule, query in _RULES.items():
            cursor.execute(f"{query} ORDER BY 1 LIMIT {_MOST_NAMED}", [merchant_id])
            if ids := [str(order_id) for (order_id,) in cursor.fetchall()]:
                findings.append(Finding("orders", rule, f"orders {', '.join(ids)}"))
    return findings
