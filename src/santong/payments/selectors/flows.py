"""What went through the sinks of an asset in a time."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.wire import Statement
from santong.payments.contracts import Total
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.statements import run

_FLOWS = Statement("""
SELECT a.kind, a.owner, sum(e.amount)::bigint
FROM payments_txn t
JOIN payments_entry e ON e.merchant_id = t.merchant_id AND e.txn_id = t.id
JOIN payments_account a ON a.id = e.account_id AND a.merchant_id = e.merchant_id
WHERE t.merchant_id = %(merchant)s AND e.asset_id = %(asset)s AND a.kept_as = 'sum'
  AND t.recorded_at >= %(since)s::timestamptz AND t.recorded_at < %(until)s::timestamptz
GROUP BY 1, 2
ORDER BY 1, 2
""")


def flows(*, merchant_id: int, asset: str, since: datetime, until: datetime) -> list[Total]:
    """What was recorded in each sink of an asset from `since` until `until`, the end excluded.

    Raises UnknownAsset.
    """
    rows = run(
        _FLOWS,
        {
            "merchant": merchant_id,
            "asset": asset_by_code(merchant_id=merchant_id, code=asset).id,
            "since": since,
            "until": until,
        },
    )
    return [Total(kind, owner, amount) for kind, owner, amount in rows]
