"""What a coupon costs the brand at its supplier, and what comes off again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.benefits.selectors.statements import written
from santong.kernel.wire import Statement

# `redeemed` is charged where the contract counts redemptions; `returned` takes it off again.
_CHARGE = Statement("""
INSERT INTO benefits_supplycharge (merchant_id, supply_id, supplier_id, coupon_id, attempt, kind,
  amount_minor, currency, month, at)
SELECT c.merchant_id, u.id, u.supplier_id, c.id, %(attempt)s::int, %(kind)s::text,
  CASE WHEN %(kind)s::text = 'returned' THEN -first.amount_minor ELSE u.cost_minor END,
  coalesce(first.currency, u.currency),
  date_trunc('month', %(now)s::timestamptz AT TIME ZONE b.timezone)::date, %(now)s::timestamptz
FROM benefits_coupon c
JOIN benefits_batch b ON b.id = c.batch_id AND b.merchant_id = c.merchant_id
JOIN benefits_supply u ON u.id = b.supply_id AND u.merchant_id = c.merchant_id
LEFT JOIN benefits_supplycharge first ON first.merchant_id = c.merchant_id
  AND first.coupon_id = c.id AND first.attempt = %(attempt)s::int AND first.kind = 'redeemed'
WHERE c.merchant_id = %(merchant)s::bigint AND c.id = %(coupon)s::bigint
  AND u.supplier_id IS NOT NULL
  AND CASE WHEN %(kind)s::text = 'returned' THEN first.id IS NOT NULL
           ELSE u.charged_when = 'redeemed' AND u.cost_minor > 0 END
ON CONFLICT (merchant_id, coupon_id, attempt, kind) DO NOTHING
""")


def charge(
    *,
    merchant_id: int,
    coupon_id: int,
    attempt: int,
    kind: Literal["redeemed", "returned"],
    now: datetime,
) -> None:
    """Write what a redemption costs, or that it costs nothing after all; once for each."""
    _CHARGE.later(
        written(
            {
                "merchant": merchant_id,
                "coupon": coupon_id,
                "attempt": attempt,
                "kind": kind,
                "now": now,
            }
        )
    )
