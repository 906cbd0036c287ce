"""What accounts and lots must be by the log alone, beside what they are.

The log is what is never changed: transactions with their entries, uses of lots, and what live holds
keep. Each comparison is one statement and therefore one moment, also while others post.
"""

from __future__ import annotations

ACCOUNTS = """
SELECT a.id, a.posted, a.held,
  CASE WHEN a.kept_as = 'sum' THEN 0 ELSE coalesce(e.amount, 0) END AS log_posted,
  coalesce(h.amount, 0) AS log_held
FROM payments_account a
LEFT JOIN (
  SELECT account_id, sum(amount)::bigint AS amount FROM payments_entry
  WHERE merchant_id = %(merchant)s GROUP BY account_id
) e ON e.account_id = a.id
LEFT JOIN (
  SELECT account_id, sum(amount)::bigint AS amount FROM payments_hold
  WHERE merchant_id = %(merchant)s AND state = 'held' GROUP BY account_id
) h ON h.account_id = a.id
WHERE a.merchant_id = %(merchant)s
"""

# A correction puts back what was taken; every other amount that comes into lots opens one.
LOTS = """
SELECT coalesce(l.id, o.id) AS id, l.asset_id, l.account_id, l.txn_id, l.amount, l.rest, l.held,
  l.expires_at, o.asset_id AS log_asset_id, o.account_id AS log_account_id,
  o.txn_id AS log_txn_id, o.amount AS log_amount, o.rest AS log_rest, o.held AS log_held,
  o.expires_at AS log_expires_at
FROM (
  SELECT e.id, e.asset_id, e.account_id, e.txn_id, e.amount, e.expires_at,
    e.amount - coalesce(u.amount, 0) AS rest, coalesce(h.amount, 0) AS held
  FROM payments_entry e
  JOIN payments_account a ON a.id = e.account_id AND a.kept_as = 'lots'
  JOIN payments_txn t ON t.id = e.txn_id AND t.reverses_id IS NULL AND t.gives_back_id IS NULL
  LEFT JOIN (
    SELECT lot_id, sum(amount)::bigint AS amount FROM payments_lotuse
    WHERE merchant_id = %(merchant)s GROUP BY lot_id
  ) u ON u.lot_id = e.id
  LEFT JOIN (
    SELECT p.lot_id, sum(p.amount)::bigint AS amount
    FROM payments_hold h JOIN payments_holdlot p ON p.hold_id = h.id
    WHERE h.merchant_id = %(merchant)s AND h.state = 'held' GROUP BY p.lot_id
  ) h ON h.lot_id = e.id
  WHERE e.merchant_id = %(merchant)s AND e.amount > 0
) o FULL JOIN (
  SELECT * FROM payments_lot WHERE merchant_id = %(merchant)s
) l ON l.id = o.id
"""

COLUMNS_OF_ACCOUNTS = ("posted", "held")
COLUMNS_OF_LOTS = ("asset_id", "account_id", "txn_id", "amount", "rest", "held", "expires_at")
