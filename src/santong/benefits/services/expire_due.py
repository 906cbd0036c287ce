"""Time is over: for orders that hold coupons, and for coupons."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.events import CouponGivenBack, CouponsExpired
from santong.benefits.selectors.statements import run, signature
from santong.benefits.services.owe_issued import end_owed
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

_END_HOLDS = Statement("""
WITH due AS MATERIALIZED (
  SELECT id, batch_id, holder, amount_minor FROM benefits_coupon
  WHERE merchant_id = %(merchant)s::bigint AND state = 'held' AND held_until <= %(now)s::timestamptz
  ORDER BY held_until LIMIT %(limit)s::int
  FOR NO KEY UPDATE SKIP LOCKED
), written AS (
  INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
    amount_minor, reason, at, actor)
  SELECT %(merchant)s::bigint, id, 'hold_ended', 'held', 'issued', holder, amount_minor,
    'its time was over', %(now)s::timestamptz, %(actor)s::text
  FROM due
), spent AS (
  UPDATE benefits_batch b SET spent_minor = b.spent_minor - freed.amount_minor
  FROM (SELECT batch_id, sum(amount_minor) AS amount_minor FROM due GROUP BY batch_id) freed
  WHERE b.id = freed.batch_id AND b.budget_minor IS NOT NULL
)
UPDATE benefits_coupon c SET state = 'issued', holder = '', held_until = NULL, amount_minor = 0,
  valid_until = CASE WHEN b.return_policy = 'restore_with_grace' AND c.valid_until IS NOT NULL
    THEN greatest(c.valid_until, %(now)s::timestamptz + make_interval(days => b.grace_days))
    ELSE c.valid_until END,
  changed_at = %(now)s::timestamptz
FROM due JOIN benefits_batch b ON b.id = due.batch_id
WHERE c.id = due.id
RETURNING c.id, due.holder
""")

_EXPIRE = Statement("""
WITH due AS MATERIALIZED (
  SELECT id, batch_id FROM benefits_coupon
  WHERE merchant_id = %(merchant)s::bigint AND state = 'issued'
    AND valid_until <= %(now)s::timestamptz
  ORDER BY valid_until LIMIT %(limit)s::int
  FOR NO KEY UPDATE SKIP LOCKED
), written AS (
  INSERT INTO benefits_couponevent (merchant_id, coupon_id, kind, from_state, to_state, holder,
    at, actor)
  SELECT %(merchant)s::bigint, id, 'expired', 'issued', 'expired', '', %(now)s::timestamptz,
    %(actor)s::text
  FROM due
)
UPDATE benefits_coupon c SET state = 'expired', changed_at = %(now)s::timestamptz
FROM due WHERE c.id = due.id
RETURNING c.id, c.batch_id, c.member_id, c.attempt
""")


@all_or_nothing
def expire_due(*, merchant_id: int, now: datetime, limit: int = 1_000) -> int:
    """End holds and coupons whose time is over, oldest first, `limit` of each; say how many.

    What somebody works on at this moment is left to them. Run twice, it ends nothing twice.

    Emits CouponGivenBack, CouponsExpired for each batch. Locks coupons, then batches for budgets,
    then accounts for red packets.
    """
    ended = _end_holds(merchant_id, limit=limit, now=now)
    rows = run(_EXPIRE, {"merchant": merchant_id, "now": now, "limit": limit, "actor": signature()})
    by_batch: dict[int, dict[int, tuple[int, int]]] = {}
    for coupon_id, batch_id, member_id, attempt in rows:
        by_batch.setdefault(batch_id, {})[coupon_id] = (member_id, attempt)
    for batch_id, over in sorted(by_batch.items()):
        end_owed(over, merchant_id=merchant_id, batch_id=batch_id, now=now)
    outbox.publish(
        *(
            CouponsExpired(batch_id=batch_id, coupon_ids=tuple(sorted(over)))
            for batch_id, over in sorted(by_batch.items())
        ),
        now=now,
    )
    return ended + len(rows)


def _end_holds(merchant_id: int, *, limit: int, now: datetime) -> int:
    rows = run(
        _END_HOLDS, {"merchant": merchant_id, "now": now, "limit": limit, "actor": signature()}
    )
    outbox.publish(
        *(CouponGivenBack(coupon_id=coupon_id, holder=holder) for coupon_id, holder in rows),
        now=now,
    )
    return len(rows)
