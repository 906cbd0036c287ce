"""What the books say is at each payment account."""

from __future__ import annotations

from santong.kernel.wire import Statement
from santong.payments.selectors.statements import run

_AT_ACCOUNTS = Statement("""
SELECT a.owner, coalesce((
  SELECT -sum(e.amount) FROM payments_entry e
  WHERE e.merchant_id = %(merchant)s AND e.account_id = a.id
), 0)::bigint
FROM payments_account a
JOIN payments_asset s ON s.merchant_id = a.merchant_id AND s.id = a.asset_id
JOIN payments_paymentaccount p ON p.merchant_id = a.merchant_id AND p.code = a.owner
  AND s.code = 'money:' || p.currency
WHERE a.merchant_id = %(merchant)s AND a.kind = 'at_provider'
""")


def money_at_accounts(*, merchant_id: int) -> dict[str, int]:
    """By its code, what is at each payment account in its currency; none: nothing ever came in."""
    return dict(run(_AT_ACCOUNTS, {"merchant": merchant_id}))
