"""What an asset comes to, by kind of account."""

from __future__ import annotations

from santong.kernel.wire import Statement
from santong.payments.contracts import Total
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.statements import run

_TOTALS = Statement("""
SELECT kind, CASE WHEN kept_as = 'sum' THEN owner ELSE '' END AS owner,
  sum(CASE WHEN kept_as = 'sum' THEN (
    SELECT coalesce(sum(e.amount), 0) FROM payments_entry e
    WHERE e.merchant_id = %(merchant)s AND e.account_id = a.id
  ) ELSE posted END)::bigint
FROM payments_account a
WHERE merchant_id = %(merchant)s AND asset_id = %(asset)s
GROUP BY 1, 2 ORDER BY 1, 2
""")


def totals(*, merchant_id: int, asset: str) -> list[Total]:
    """The sum of each kind of account of an asset; of sinks, that of each owner.

    Together they are nothing. Raises UnknownAsset.
    """
    asset_id = asset_by_code(merchant_id=merchant_id, code=asset).id
    rows = run(_TOTALS, {"merchant": merchant_id, "asset": asset_id})
    return [Total(kind, owner, amount) for kind, owner, amount in rows]
