"""What brands that share a pool owe one another for a month."""

from __future__ import annotations

from datetime import date, datetime

from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.models import Settlement, SettlementLine
from santong.membership.rules.calendar import plus_months, start_of
from santong.membership.rules.settlement import Share, Turnover, settle
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.selectors.statements import run
from santong.membership.selectors.terms import pool_terms_of
from santong.payments import public as payments

# Points are earned when they mature, less what was cancelled before; what a return takes of them
# later goes against the month of the return. What it forgives stays earned. What benefits bring is
# earned at once.
_TURNOVERS = Statement("""
WITH programmes AS (
  SELECT id FROM membership_programme WHERE merchant_id = %(merchant)s AND pool_id = %(pool)s
), moved AS (
  SELECT a.brand_id, a.points - coalesce(c.cancelled, 0) AS earned, a.earn_rate,
    0::bigint AS burned,
    0 AS burn_rate
  FROM membership_accrual a
  LEFT JOIN LATERAL (
    SELECT sum(from_pending) AS cancelled FROM membership_clawback
    WHERE merchant_id = a.merchant_id AND accrual_id = a.id
  ) c ON true
  WHERE a.merchant_id = %(merchant)s AND a.programme_id IN (SELECT id FROM programmes)
    AND a.matured_at >= %(since)s::timestamptz AND a.matured_at < %(until)s::timestamptz
  UNION ALL
  SELECT c.brand_id, -(c.from_available + c.to_debt), c.earn_rate, 0, 0
  FROM membership_clawback c
  JOIN membership_accrual a ON a.id = c.accrual_id AND a.merchant_id = c.merchant_id
  WHERE c.merchant_id = %(merchant)s AND a.programme_id IN (SELECT id FROM programmes)
    AND c.at >= %(since)s::timestamptz AND c.at < %(until)s::timestamptz
  UNION ALL
  SELECT c.brand_id, c.points, c.earn_rate, 0, 0
  FROM membership_pointscredit c
  WHERE c.merchant_id = %(merchant)s AND c.programme_id IN (SELECT id FROM programmes)
    AND c.given_at >= %(since)s::timestamptz AND c.given_at < %(until)s::timestamptz
  UNION ALL
  SELECT c.brand_id, -c.taken_back, c.earn_rate, 0, 0
  FROM membership_pointscredit c
  WHERE c.merchant_id = %(merchant)s AND c.programme_id IN (SELECT id FROM programmes)
    AND c.taken_back_at >= %(since)s::timestamptz AND c.taken_back_at < %(until)s::timestamptz
  UNION ALL
  SELECT b.brand_id, 0, 0, b.points, b.burn_rate
  FROM membership_burn b
  WHERE b.merchant_id = %(merchant)s AND b.programme_id IN (SELECT id FROM programmes)
    AND b.burned_at >= %(since)s::timestamptz AND b.burned_at < %(until)s::timestamptz
  UNION ALL
  SELECT r.brand_id, 0, 0, -r.points, r.burn_rate
  FROM membership_burnreturn r
  JOIN membership_burn b ON b.id = r.burn_id AND b.merchant_id = r.merchant_id
  WHERE r.merchant_id = %(merchant)s AND b.programme_id IN (SELECT id FROM programmes)
    AND r.at >= %(since)s::timestamptz AND r.at < %(until)s::timestamptz
)
SELECT brand_id, sum(earned)::bigint, sum(earned * earn_rate)::bigint, sum(burned)::bigint,
  sum(burned * burn_rate)::bigint
FROM moved GROUP BY 1 ORDER BY 1
""")


def month_of(day: date) -> date:
    """A month, by its first day."""
    return day.replace(day=1)


def settlement_statement(
    *, merchant_id: int, pool_code: str, month: date
) -> contracts.SettlementStatement:
    """A pool's month by brand: as it was closed, or as it stands so far.

    Raises NoSuch (pool, its terms).
    """
    month = month_of(month)
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    closed = Settlement.objects.of_merchant(merchant_id).filter(pool=pool.id, month=month).first()
    if closed is not None:
        return _as_closed(pool_code, closed)
    terms = pool_terms_of(merchant_id=merchant_id, pool_id=pool.id)
    since, until = bounds(month, timezone=terms.timezone)
    expired = expired_in(merchant_id=merchant_id, pool=pool, since=since, until=until)
    shares = shares_between(
        merchant_id=merchant_id,
        pool_id=pool.id,
        breakage_minor_per_1000=terms.breakage_minor_per_1000,
        expired=expired,
        since=since,
        until=until,
    )
    return contracts.SettlementStatement(
        pool_code=pool_code,
        month=month,
        is_closed=False,
        closed_at=None,
        currency=terms.currency,
        expired_points=expired,
        breakage_minor_per_1000=terms.breakage_minor_per_1000,
        brands=tuple(
            contracts.BrandStatement(
                brand_id=share.brand_id,
                earned_points=share.earned_points,
                burned_points=share.burned_points,
                pays_minor=share.pays_minor,
                gets_minor=share.gets_minor,
                breakage_minor=share.breakage_minor,
                net_minor=share.net_minor,
            )
            for share in shares
        ),
    )


def bounds(month: date, *, timezone: str) -> tuple[datetime, datetime]:
    """The instants between which a month lies there, the end excluded."""
    return (
        start_of(month, timezone=timezone),
        start_of(plus_months(month, 1), timezone=timezone),
    )


def expired_in(*, merchant_id: int, pool: contracts.Pool, since: datetime, until: datetime) -> int:
    """How many points of a pool were written down as ended in a time."""
    return sum(
        flow.amount
        for flow in payments.flows(
            merchant_id=merchant_id, asset=pool.points_asset, since=since, until=until
        )
        if flow.kind == "expired"
    )


def shares_between(
    *,
    merchant_id: int,
    pool_id: int,
    breakage_minor_per_1000: int,
    expired: int,
    since: datetime,
    until: datetime,
) -> list[Share]:
    """Each brand's part of a time, worked out anew."""
    rows = run(
        _TURNOVERS,
        {"merchant": merchant_id, "pool": pool_id, "since": since, "until": until},
    )
    return settle(
        [Turnover(*row) for row in rows],
        expired_points=expired,
        breakage_minor_per_1000=breakage_minor_per_1000,
    )


def _as_closed(pool_code: str, closed: Settlement) -> contracts.SettlementStatement:
    lines = SettlementLine.objects.of_merchant(closed.merchant_id).filter(settlement=closed.id)
    return contracts.SettlementStatement(
        pool_code=pool_code,
        month=closed.month,
        is_closed=True,
        closed_at=closed.closed_at,
        currency=closed.currency,
        expired_points=closed.expired_points,
        breakage_minor_per_1000=closed.breakage_minor_per_1000,
        brands=tuple(line.as_contract() for line in lines.order_by("brand_id")),
    )
