"""Which suppliers have to be asked now, for which coupons."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts.supplies import SupplyAsk
from santong.benefits.selectors.statements import run
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

# Whoever takes a request has so long to answer it, longer with every try; then it is asked again.
_TAKE = Statement("""
WITH due AS MATERIALIZED (
  SELECT id FROM benefits_supplyrequest
  WHERE merchant_id = %(merchant)s::bigint AND state = 'pending' AND next_at <= %(now)s::timestamptz
  ORDER BY next_at LIMIT %(limit)s::int FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE benefits_supplyrequest r SET attempts = r.attempts + 1,
  next_at = %(now)s::timestamptz
    + make_interval(secs => least(30 * power(2, r.attempts), 3600)::int)
FROM due, benefits_supply u
WHERE r.id = due.id AND u.id = r.supply_id
RETURNING r.id, r.coupon_id, u.adapter, u.product, r.attempts
""")


@all_or_nothing
def ask_suppliers(*, merchant_id: int, now: datetime, limit: int = 50) -> list[SupplyAsk]:
    """Take requests that are due, each for one asker; what is not answered comes again, later.

    Asking happens outside the transaction; `record_receipt` or `record_failure` says what came.
    """
    rows = run(_TAKE, {"merchant": merchant_id, "now": now, "limit": limit})
    return [
        SupplyAsk(
            request_id=request_id,
            key=f"santong-{merchant_id}-{coupon_id}",
            adapter=adapter,
            product=product,
            attempt=attempts,
        )
        for request_id, coupon_id, adapter, product, attempts in rows
    ]
