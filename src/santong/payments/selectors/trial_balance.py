"""What the money accounts did in a time: opening, debits, credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.wire import Statement
from santong.payments.selectors.statements import run


@dataclass(frozen=True, slots=True)
class Flow:
    """Accounts of one kind and group, in the words of an accountant: a debit is what we have more.

    The ledger counts what is owed as more than nothing; here it is the other way round.
    """

    asset: str
    kind: str
    group: str
    opening_minor: int
    debit_minor: int
    credit_minor: int


# Documents and parties are too many to be told one by one: they are told by what they are.
_FLOWS = Statement("""
SELECT s.code, a.kind,
  CASE WHEN a.kind IN ('document', 'shared', 'pending', 'payable', 'available')
    THEN split_part(a.owner, ':', 1) ELSE a.owner END AS told_as,
  coalesce(-sum(e.amount) FILTER (WHERE t.recorded_at < %(since)s::timestamptz), 0)::bigint,
  coalesce(-sum(e.amount) FILTER (
    WHERE t.recorded_at >= %(since)s::timestamptz AND e.amount < 0), 0)::bigint,
  coalesce(sum(e.amount) FILTER (
    WHERE t.recorded_at >= %(since)s::timestamptz AND e.amount > 0), 0)::bigint
FROM payments_asset s
JOIN payments_entry e ON e.merchant_id = s.merchant_id AND e.asset_id = s.id
JOIN payments_txn t ON t.id = e.txn_id AND t.merchant_id = e.merchant_id
JOIN payments_account a ON a.id = e.account_id AND a.merchant_id = e.merchant_id
WHERE s.merchant_id = %(merchant)s AND s.kind = 'money'
  AND t.recorded_at < %(until)s::timestamptz
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
""")


def money_flows(*, merchant_id: int, since: datetime, until: datetime) -> list[Flow]:
    """What every money account stood at, and what was recorded in it until `until`, excluded.

    Of each asset, openings come to nothing, and debits to as much as credits.
    """
    rows = run(_FLOWS, {"merchant": merchant_id, "since": since, "until": until})
    return [Flow(*row) for row in rows]
