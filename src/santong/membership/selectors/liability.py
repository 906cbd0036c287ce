"""What outstanding points mean in the books."""

from __future__ import annotations

from datetime import datetime

from santong.membership import contracts
from santong.membership.rules.claw_back import worth
from santong.membership.rules.liability import breakage_rate, expected_breakage
from santong.membership.selectors.programmes import pool_by_code, programmes
from santong.membership.selectors.terms import newest_terms, pool_terms_of
from santong.payments import public as payments


def points_liability(
    *, merchant_id: int, pool_code: str, now: datetime
) -> contracts.PointsLiability:
    """What is outstanding of a pool's points, when it will end, and what of it will be used.

    Breakage is expected at the rate of the past: of all points that have ended by expiry or by use
    since the pool began, the part that expired. Values are those of the oldest programme's terms.

    Raises NoSuch (pool, its terms).
    """
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    terms = pool_terms_of(merchant_id=merchant_id, pool_id=pool.id)
    sums: dict[str, int] = {}
    for total in payments.totals(merchant_id=merchant_id, asset=pool.points_asset):
        sums[total.kind] = sums.get(total.kind, 0) + total.amount
    months = payments.ending_by_month(
        merchant_id=merchant_id, asset=pool.points_asset, timezone=terms.timezone, now=now
    )
    available = sum(amount for _, amount in months)
    rate = breakage_rate(expired=sums.get("expired", 0), redeemed=sums.get("redeemed", 0))
    breakage = expected_breakage(available, rate_per_10000=rate)
    value = _value(merchant_id, pool.id)
    return contracts.PointsLiability(
        pool_code=pool_code,
        available=available,
        pending=sums.get("pending", 0),
        debt=-sums.get("debt", 0),
        redeemed=sums.get("redeemed", 0),
        expired=sums.get("expired", 0),
        by_month=tuple(contracts.EndingPoints(month, amount) for month, amount in months),
        breakage_per_10000=rate,
        expected_breakage=breakage,
        expected_to_be_used=available - breakage,
        currency=terms.currency,
        value_minor=worth(available - breakage, value_minor_per_1000=value),
    )


def _value(merchant_id: int, pool_id: int) -> int:
    mine = [each for each in programmes(merchant_id=merchant_id) if each.pool_id == pool_id]
    terms = newest_terms(merchant_id=merchant_id, programme_ids=[each.id for each in mine])
    found = next((terms[each.id].terms for each in mine if each.id in terms), None)
    return found.value_minor_per_1000 if found else 0
