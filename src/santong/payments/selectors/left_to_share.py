"""What payments still have for others."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from santong.kernel.wire import Statement
from santong.payments.contracts import LeftToShare
from santong.payments.selectors.statements import numbers, run, texts

# What was sent and did not arrive, or came back, is there again. A last share has freed the rest.
_LEFT = """
SELECT i.document, t.id,
  CASE WHEN s.is_over THEN 0
       ELSE greatest(t.captured_minor - t.refunding_minor - t.disputed_minor - s.sent_minor, 0)
  END::bigint AS left_minor, s.requests
FROM {tenders}
CROSS JOIN LATERAL (
  SELECT coalesce(sum(f.amount_minor) FILTER (WHERE f.state NOT IN ('failed', 'returned')), 0)
      ::bigint AS sent_minor,
    coalesce(bool_or(f.is_last_share AND f.state <> 'failed'), false) AS is_over,
    count(*)::int AS requests
  FROM payments_transfer f
  WHERE f.merchant_id = %(merchant)s AND f.tender_id = t.id
) s
"""
_OF_DOCUMENTS = Statement(
    _LEFT.format(
        tenders="""payments_intent i
JOIN payments_tender t ON t.merchant_id = i.merchant_id AND t.intent_id = i.id
JOIN payments_paymentaccount a ON a.id = t.account_id AND a.merchant_id = i.merchant_id"""
    )
    + """
WHERE i.merchant_id = %(merchant)s AND i.document = ANY(%(documents)s::text[])
  AND a.code = %(account)s AND t.state = 'captured'
ORDER BY i.document, t.id
"""
)
_OF_TENDERS = Statement(
    _LEFT.format(
        tenders="""payments_tender t
JOIN payments_intent i ON i.merchant_id = t.merchant_id AND i.id = t.intent_id"""
    )
    + """
WHERE t.merchant_id = %(merchant)s AND t.id = ANY(%(tenders)s::bigint[])
"""
)


def left_to_share(
    *, merchant_id: int, account_code: str, documents: Sequence[str]
) -> list[LeftToShare]:
    """What each payment of documents at an account still has for others, and how often it gave."""
    if not documents:
        return []
    rows = run(
        _OF_DOCUMENTS,
        {"merchant": merchant_id, "account": account_code, "documents": texts(documents)},
    )
    return [LeftToShare(*row) for row in rows]


def left_of_tenders(*, merchant_id: int, tender_ids: Collection[int]) -> dict[int, int]:
    """What payments still have for others, in minor units, by tender."""
    if not tender_ids:
        return {}
    rows = run(_OF_TENDERS, {"merchant": merchant_id, "tenders": numbers(tender_ids)})
    return {tender_id: left_minor for _, tender_id, left_minor, _ in rows}
