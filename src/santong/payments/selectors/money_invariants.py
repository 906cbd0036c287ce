"""What must hold of money: intents, their parts, refunds, transfers, and the books about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.kernel.wire import Statement

MONEY_RULES: Final[Mapping[str, Statement]] = {
    "an intent is the sum of its tenders": Statement(
        """
SELECT format('intent %%s: received %%s, tenders %%s; refunded %%s, tenders %%s', i.id,
  i.received_minor, coalesce(t.captured, 0), i.refunded_minor, coalesce(t.refunded, 0))
FROM payments_intent i LEFT JOIN (
  SELECT intent_id, sum(captured_minor) AS captured, sum(refunded_minor) AS refunded,
    sum(authorised_minor) FILTER (WHERE state = 'authorised') AS authorised,
    sum(CASE WHEN state = 'captured' THEN captured_minor
      WHEN state IN ('asked', 'waiting', 'authorised') THEN amount_minor END) AS planned
  FROM payments_tender WHERE merchant_id = %(merchant)s GROUP BY 1
) t ON t.intent_id = i.id
WHERE i.merchant_id = %(merchant)s
  AND (i.received_minor, i.refunded_minor, i.authorised_minor, i.planned_minor)
    <> (coalesce(t.captured, 0), coalesce(t.refunded, 0), coalesce(t.authorised, 0),
      coalesce(t.planned, 0))
"""
    ),
    "a tender gives back what its refunds and lost disputes say": Statement(
        """
SELECT format('tender %%s: %%s of %%s gone back, refunds say %%s of %%s', t.id,
  t.refunded_minor, t.refunding_minor, coalesce(p.done, 0) + coalesce(d.lost, 0),
  coalesce(p.asked, 0) + coalesce(d.lost, 0))
FROM payments_tender t LEFT JOIN (
  SELECT tender_id, sum(amount_minor) FILTER (WHERE state = 'done') AS done,
    sum(amount_minor) FILTER (WHERE state <> 'failed') AS asked
  FROM payments_refundpart WHERE merchant_id = %(merchant)s GROUP BY 1
) p ON p.tender_id = t.id LEFT JOIN (
  SELECT tender_id, sum(amount_minor) FILTER (WHERE state = 'lost') AS lost,
    sum(amount_minor) FILTER (WHERE state = 'opened') AS open
  FROM payments_dispute WHERE merchant_id = %(merchant)s GROUP BY 1
) d ON d.tender_id = t.id
WHERE t.merchant_id = %(merchant)s
  AND (t.refunded_minor, t.refunding_minor, t.disputed_minor)
    <> (coalesce(p.done, 0) + coalesce(d.lost, 0), coalesce(p.asked, 0) + coalesce(d.lost, 0),
      coalesce(d.open, 0))
"""
    ),
    "a refund is the sum of its parts": Statement(
        """
SELECT format('refund %%s: %%s of %%s done, parts say %%s', r.id, r.done_minor, r.amount_minor,
  p.done)
FROM payments_refund r JOIN (
  SELECT refund_id, coalesce(sum(amount_minor) FILTER (WHERE state = 'done'), 0) AS done,
    coalesce(sum(amount_minor) FILTER (WHERE state <> 'failed'), 0) AS asked
  FROM payments_refundpart WHERE merchant_id = %(merchant)s GROUP BY 1
) p ON p.refund_id = r.id
WHERE r.merchant_id = %(merchant)s
  AND (r.done_minor <> p.done OR r.amount_minor <> p.asked + r.failed_minor + r.given_up_minor)
"""
    ),
    "the books have what came in for a document and has not gone back": Statement(
        """
SELECT format('%%s: the books say %%s, its intents %%s', coalesce(b.owner, m.document),
  coalesce(b.posted, 0), coalesce(m.net, 0))
FROM (
  SELECT s.currency, a.owner, sum(e.amount) AS posted FROM payments_account a
  JOIN payments_asset s ON s.id = a.asset_id AND s.kind = 'money'
  JOIN payments_entry e ON e.account_id = a.id
  JOIN payments_txn x ON x.id = e.txn_id AND x.source = 'payments'
  WHERE a.merchant_id = %(merchant)s AND a.kind = 'document' GROUP BY 1, 2
) b FULL JOIN (
  SELECT currency, document, sum(received_minor - refunded_minor) AS net
  FROM payments_intent WHERE merchant_id = %(merchant)s GROUP BY 1, 2
) m ON m.currency = b.currency AND m.document = b.owner
WHERE coalesce(b.posted, 0) <> coalesce(m.net, 0)
"""
    ),
    "what moved at an account is what the books say is there": Statement(
        """
SELECT format('%%s: movements %%s, books %%s', a.code, coalesce(m.amount, 0),
  coalesce(-b.amount, 0))
FROM payments_paymentaccount a LEFT JOIN (
  SELECT account_id, sum(amount_minor) AS amount FROM payments_movement
  WHERE merchant_id = %(merchant)s GROUP BY 1
) m ON m.account_id = a.id LEFT JOIN (
  SELECT c.owner, s.currency, sum(e.amount) AS amount
  FROM payments_account c
  JOIN payments_asset s ON s.id = c.asset_id AND s.kind = 'money'
  JOIN payments_entry e ON e.account_id = c.id
  WHERE c.merchant_id = %(merchant)s AND c.kind = 'at_provider' GROUP BY 1, 2
) b ON b.owner = a.code AND b.currency = a.currency
WHERE a.merchant_id = %(merchant)s AND coalesce(m.amount, 0) <> coalesce(-b.amount, 0)
"""
    ),
    "what is on its way is what transfers say": Statement(
        """
SELECT format('%%s: transfers %%s, books %%s', a.code, coalesce(t.amount, 0),
  coalesce(b.amount, 0))
FROM payments_paymentaccount a LEFT JOIN (
  SELECT account_id, sum(amount_minor) AS amount FROM payments_transfer
  WHERE merchant_id = %(merchant)s AND state IN ('queued', 'sent') GROUP BY 1
) t ON t.account_id = a.id LEFT JOIN (
  SELECT c.owner, s.currency, sum(e.amount) AS amount
  FROM payments_account c
  JOIN payments_asset s ON s.id = c.asset_id AND s.kind = 'money'
  JOIN payments_entry e ON e.account_id = c.id
  WHERE c.merchant_id = %(merchant)s AND c.kind = 'in_transit' GROUP BY 1, 2
) b ON b.owner = a.code AND b.currency = a.currency
WHERE a.merchant_id = %(merchant)s AND coalesce(t.amount, 0) <> coalesce(b.amount, 0)
"""
    ),
    "nothing that is under way at a provider is forgotten": Statement(
        """
SELECT format('%%s %%s is %%s, and nobody will ask about it', u.about, u.id, u.state) FROM (
  SELECT 'payment' AS about, t.id, t.state, t.account_id FROM payments_tender t
  WHERE t.merchant_id = %(merchant)s AND t.state IN ('asked', 'waiting', 'authorised')
  UNION ALL
  SELECT 'refund', p.id, p.state, t.account_id
  FROM payments_refundpart p JOIN payments_tender t ON t.id = p.tender_id
  WHERE p.merchant_id = %(merchant)s AND p.state IN ('queued', 'sent')
  UNION ALL
  SELECT 'transfer', id, state, account_id FROM payments_transfer
  WHERE merchant_id = %(merchant)s AND state IN ('queued', 'sent')
) u JOIN payments_paymentaccount a ON a.id = u.account_id
WHERE a.provider <> 'external' AND a.method NOT IN ('prepaid', 'gift_card')
  AND NOT EXISTS (
    SELECT FROM payments_work w WHERE w.merchant_id = %(merchant)s AND w.about = u.about
      AND w.subject_id = u.id AND w.due_at IS NOT NULL
  )
"""
    ),
}
