"""What must hold of invoices, for a live system."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel.doctor import Finding

_COVERED = """
SELECT s.document, l.key, l.covered_minor, coalesce(sum(il.amount_minor + il.tax_minor
    - il.reversed_minor) FILTER (WHERE i.id IS NOT NULL), 0)
FROM invoicing_sale s
JOIN invoicing_saleline l ON l.sale_id = s.id AND l.merchant_id = s.merchant_id
LEFT JOIN invoicing_invoice i ON i.sale_id = s.id AND i.merchant_id = s.merchant_id
    AND i.kind = 'blue' AND i.state IN ('requested', 'sent', 'issued')
LEFT JOIN invoicing_invoiceline il ON il.invoice_id = i.id AND il.key = l.key
    AND il.merchant_id = s.merchant_id
WHERE s.merchant_id = %s
GROUP BY s.document, l.id
HAVING l.covered_minor <> coalesce(sum(il.amount_minor + il.tax_minor - il.reversed_minor)
    FILTER (WHERE il.id IS NOT NULL), 0)
LIMIT 20
"""
_REVERSED = """
SELECT b.id, bl.key, bl.reversed_minor, coalesce(sum(rl.amount_minor + rl.tax_minor), 0)
FROM invoicing_invoice b
JOIN invoicing_invoiceline bl ON bl.invoice_id = b.id AND bl.merchant_id = b.merchant_id
LEFT JOIN invoicing_invoice r ON r.original_id = b.id AND r.merchant_id = b.merchant_id
    AND r.state <> 'cancelled'
LEFT JOIN invoicing_invoiceline rl ON rl.invoice_id = r.id AND rl.key = bl.key
    AND rl.merchant_id = b.merchant_id
WHERE b.merchant_id = %s AND b.kind = 'blue'
GROUP BY b.id, bl.id
HAVING bl.reversed_minor <> coalesce(sum(rl.amount_minor + rl.tax_minor), 0)
    OR bl.reversed_tax_minor <> coalesce(sum(rl.tax_minor), 0)
LIMIT 20
"""
_TOTALS = """
SELECT i.id, i.total_minor, coalesce(sum(l.amount_minor + l.tax_minor), 0)
FROM invoicing_invoice i
LEFT JOIN invoicing_invoiceline l ON l.invoice_id = i.id AND l.merchant_id = i.merchant_id
WHERE i.merchant_id = %s
GROUP BY i.id
HAVING i.amount_minor <> coalesce(sum(l.amount_minor), 0)
    OR i.tax_minor <> coalesce(sum(l.tax_minor), 0)
LIMIT 20
"""


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """What is wrong with a merchant's invoices. None of it depends on the clock."""
    del now
    return [
        *_found(_COVERED, merchant_id, "a line is covered by what its live invoices say"),
        *_found(_REVERSED, merchant_id, "a blue line is taken back by its red invoices"),
        *_found(_TOTALS, merchant_id, "an invoice is the sum of its lines"),
    ]


def _found(statement: str, merchant_id: int, promise: str) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [merchant_id])
        return [
            Finding("invoicing", promise, " · ".join(str(part) for part in row))
            for row in cursor.fetchall()
        ]
