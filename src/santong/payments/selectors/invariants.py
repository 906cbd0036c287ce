"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement
from santong.payments.selectors.money_invariants import MONEY_RULES
from santong.payments.selectors.replay import ACCOUNTS, LOTS
from santong.payments.selectors.simulated.books import check_books
from santong.payments.selectors.statements import Values, run

MOST_FINDINGS = 50
# Sweepers come every half minute, and every minute.
HOLDS_OVERDUE_AFTER_MINUTES = 10
LOTS_OVERDUE_AFTER_MINUTES = 24 * 60

_ACCOUNT = """
SELECT format('account %%s: posted %%s, held %%s; the log says %%s, %%s',
  id, posted, held, log_posted, log_held) FROM ("""
_LOT = """
SELECT format('lot %%s: %%s of %%s left, %%s held; the log says %%s of %%s, %%s',
  id, rest, amount, held, log_rest, log_amount, log_held) FROM ("""
_OF_ACCOUNTS = ") a WHERE (posted, held) IS DISTINCT FROM (log_posted, log_held)"
_OF_LOTS = """) l
WHERE (asset_id, account_id, txn_id, amount, rest, held, expires_at) IS DISTINCT FROM
  (log_asset_id, log_account_id, log_txn_id, log_amount, log_rest, log_held, log_expires_at)
"""

_RULES = {
    "entries sum to nothing for each transaction and asset": Statement(
        """
SELECT format('transaction %%s, asset %%s: %%s', txn_id, asset_id, sum(amount))
FROM payments_entry WHERE merchant_id = %(merchant)s
GROUP BY txn_id, asset_id HAVING sum(amount) <> 0
"""
    ),
    "every transaction has entries, and every entry a transaction": Statement(
        """
SELECT format('transaction %%s', coalesce(t.id, e.txn_id))
FROM (SELECT id FROM payments_txn WHERE merchant_id = %(merchant)s) t
FULL JOIN (SELECT DISTINCT txn_id FROM payments_entry WHERE merchant_id = %(merchant)s) e
  ON e.txn_id = t.id
WHERE t.id IS NULL OR e.txn_id IS NULL
"""
    ),
    "a balance is the sum of its entries, and what is held that of live holds": Statement(
        _ACCOUNT + ACCOUNTS + _OF_ACCOUNTS
    ),
    "a lot is what came in less the sum of its uses, and keeps what live holds keep": Statement(
        _LOT + LOTS + _OF_LOTS
    ),
    "lots sum to what their account stands at, and to what is held of it": Statement(
        """
SELECT format('account %%s: posted %%s, held %%s; lots say %%s, %%s', a.id, a.posted, a.held,
  coalesce(l.rest, 0), coalesce(l.held, 0))
FROM payments_account a LEFT JOIN (
  SELECT account_id, sum(rest)::bigint AS rest, sum(held)::bigint AS held FROM payments_lot
  WHERE merchant_id = %(merchant)s GROUP BY account_id
) l ON l.account_id = a.id
WHERE a.merchant_id = %(merchant)s AND a.kept_as = 'lots'
  AND (a.posted, a.held) <> (coalesce(l.rest, 0), coalesce(l.held, 0))
"""
    ),
    "what a transaction takes from lots is what its entries say": Statement(
        """
SELECT format('transaction %%s, account %%s: entries say %%s, lots %%s', txn_id, account_id,
  coalesce(e.amount, 0), coalesce(l.amount, 0))
FROM (
  SELECT e.txn_id, e.account_id, sum(e.amount) AS amount
  FROM payments_entry e JOIN payments_account a ON a.id = e.account_id AND a.kept_as = 'lots'
  WHERE e.merchant_id = %(merchant)s GROUP BY 1, 2
) e FULL JOIN (
  SELECT txn_id, account_id, sum(amount) AS amount FROM (
    SELECT txn_id, account_id, amount FROM payments_lot WHERE merchant_id = %(merchant)s
    UNION ALL
    SELECT u.txn_id, l.account_id, -u.amount
    FROM payments_lotuse u JOIN payments_lot l ON l.id = u.lot_id
    WHERE u.merchant_id = %(merchant)s
  ) of_lots GROUP BY 1, 2
) l USING (txn_id, account_id)
WHERE coalesce(e.amount, 0) <> coalesce(l.amount, 0)
"""
    ),
    "held never exceeds what is posted": Statement(
        """
SELECT format('account %%s: posted %%s, held %%s', id, posted, held) FROM payments_account
WHERE merchant_id = %(merchant)s AND (held < 0 OR held > greatest(posted, 0))
"""
    ),
    "a transaction gives back no more than it took": Statement(
        """
SELECT format('transaction %%s: %%s came back of %%s', s.id, b.amount, s.amount)
FROM (
  SELECT t.gives_back_id AS id, sum(e.amount) AS amount
  FROM payments_txn t JOIN payments_entry e ON e.txn_id = t.id AND e.amount > 0
  WHERE t.merchant_id = %(merchant)s AND t.gives_back_id IS NOT NULL GROUP BY 1
) b JOIN LATERAL (
  SELECT b.id, -sum(e.amount) AS amount FROM payments_entry e
  WHERE e.txn_id = b.id AND e.amount < 0
) s ON true
WHERE b.amount > s.amount
"""
    ),
    "no hold outlives its time": Statement(
        """
SELECT format('hold %%s: until %%s', id, expires_at) FROM payments_hold
WHERE merchant_id = %(merchant)s AND state = 'held'
  AND expires_at < coalesce(%(now)s::timestamptz, now())
    - make_interval(mins => %(holds_overdue)s::int)
"""
    ),
    "what has ended is written down within a day": Statement(
        """
SELECT format('lot %%s: %%s until %%s', id, rest - held, expires_at) FROM payments_lot
WHERE merchant_id = %(merchant)s AND is_open AND rest > held
  AND expires_at < coalesce(%(now)s::timestamptz, now())
    - make_interval(mins => %(lots_overdue)s::int)
"""
    ),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare balances, lots and holds with the log; report what differs.

    The simulated provider's own books are looked at, too. Some findings of each rule, with how
    many more there are. Without `now`, the database's clock
    says what is overdue.
    """
    values: Values = {
        "merchant": merchant_id,
        "now": now,
        "holds_overdue": HOLDS_OVERDUE_AFTER_MINUTES,
        "lots_overdue": LOTS_OVERDUE_AFTER_MINUTES,
    }
    found = [
        Finding(context="payments", rule=rule, detail=detail)
        for rule, statement in {**_RULES, **MONEY_RULES}.items()
        for detail in _details([detail for (detail,) in run(statement, values)])
    ]
    return found + check_books(merchant_id=merchant_id)


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
