"""What reconciliation joins with its own tables: parts of its statements, never rows of ours."""

from __future__ import annotations

# What has moved at one account, as a part of somebody else's statement. The places are `merchant`
# and `account`, a code; columns: id, kind, reference, their_reference, amount_minor, currency,
# moved_at, recorded_at, document.
ALL_MOVEMENTS_OF = """
(
  SELECT m.id, m.kind, m.reference, m.their_reference, m.amount_minor, m.currency, m.moved_at,
    m.recorded_at, m.document
  FROM payments_movement m
  WHERE m.merchant_id = %(merchant)s::bigint AND m.account_id = (
    SELECT p.id FROM payments_paymentaccount p
    WHERE p.merchant_id = %(merchant)s::bigint AND p.code = %(account)s
  )
)
"""
# How tenders and parts of refunds stand, in the same way: kind, reference, state.
STATES_OF = """
(
  SELECT 'payment' AS kind, t.reference, t.state FROM payments_tender t
  WHERE t.merchant_id = %(merchant)s::bigint
  UNION ALL
  SELECT 'refund', r.reference, r.state FROM payments_refundpart r
  WHERE r.merchant_id = %(merchant)s::bigint
)
"""
