"""When what is left of an asset's lots will end."""

from __future__ import annotations

from datetime import date, datetime

from santong.kernel.wire import Statement
from santong.payments.selectors.assets import asset_by_code
from santong.payments.selectors.statements import run

# What is good to the end of a month ends with the first moment of the next one.
_BY_MONTH = Statement("""
SELECT to_char(date_trunc('month', (l.expires_at - interval '1 microsecond')
    AT TIME ZONE %(timezone)s::text), 'YYYY-MM-DD'), sum(l.rest)::bigint
FROM payments_lot l
WHERE l.merchant_id = %(merchant)s AND l.asset_id = %(asset)s AND l.is_open
  AND (l.expires_at IS NULL OR l.expires_at > %(now)s::timestamptz)
GROUP BY 1 ORDER BY 1 NULLS LAST
""")


def ending_by_month(
    *, merchant_id: int, asset: str, timezone: str, now: datetime
) -> list[tuple[date | None, int]]:
    """How much of an asset is left in lots, by the month in which it ends; what never ends last.

    What has ended at `now` is left out; what is held is counted. Raises UnknownAsset.
    """
    rows = run(
        _BY_MONTH,
        {
            "merchant": merchant_id,
            "asset": asset_by_code(merchant_id=merchant_id, code=asset).id,
            "timezone": timezone,
            "now": now,
        },
    )
    return [(date.fromisoformat(month) if month else None, amount) for month, amount in rows]
