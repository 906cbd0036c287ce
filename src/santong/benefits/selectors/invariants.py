"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from santong.benefits.selectors.brought import brought_differs
from santong.benefits.selectors.statements import Values, run
from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement

MOST_FINDINGS = 50
# The sweeper comes every minute.
OVERDUE_AFTER_MINUTES = 30

_RULES = {
    "as many coupons are there as a batch's slots have given out": Statement(
        """
SELECT format('batch %%s: slots say %%s, coupons %%s', batch_id, s.used, c.coupons)
FROM (
  SELECT batch_id, sum(used) AS used FROM benefits_batchslot
  WHERE merchant_id = %(merchant)s AND span = '' GROUP BY batch_id
) s FULL JOIN (
  SELECT batch_id, count(*) AS coupons FROM benefits_coupon
  WHERE merchant_id = %(merchant)s GROUP BY batch_id
) c USING (batch_id)
WHERE coalesce(s.used, 0) <> coalesce(c.coupons, 0)
"""
    ),
    "a limit's quotas add up to the limit": Statement(
        """
SELECT format('batch %%s: limit %%s, quotas %%s', b.id, b.limit_total, sum(s.quota))
FROM benefits_batch b JOIN benefits_batchslot s ON s.batch_id = b.id AND s.span = ''
WHERE b.merchant_id = %(merchant)s AND b.limit_total IS NOT NULL
GROUP BY b.id HAVING sum(s.quota) <> b.limit_total
"""
    ),
    "no day gives out more than its limit": Statement(
        """
SELECT format('batch %%s on %%s: limit %%s, given %%s', b.id, s.span, b.limit_per_day, sum(s.used))
FROM benefits_batch b JOIN benefits_batchslot s ON s.batch_id = b.id AND s.span <> ''
WHERE b.merchant_id = %(merchant)s
GROUP BY b.id, s.span HAVING sum(s.used) > b.limit_per_day
"""
    ),
    "a member is counted as often as they were given one": Statement(
        """
SELECT format('batch %%s, member %%s: counted %%s, has %%s', batch_id, member_id, m.given,
    c.coupons)
FROM (
  SELECT batch_id, member_id, given FROM benefits_membercount WHERE merchant_id = %(merchant)s
) m FULL JOIN (
  SELECT c.batch_id, c.member_id, count(*) AS coupons
  FROM benefits_coupon c JOIN benefits_batch b ON b.id = c.batch_id
  WHERE c.merchant_id = %(merchant)s AND b.limit_per_member IS NOT NULL
    AND c.member_id IS NOT NULL
  GROUP BY 1, 2
) c USING (batch_id, member_id)
WHERE coalesce(m.given, 0) <> coalesce(c.coupons, 0)
"""
    ),
    "a budget has spent what its coupons are worth": Statement(
        """
SELECT format('batch %%s: spent %%s, coupons say %%s', b.id, b.spent_minor, coalesce(c.spent, 0))
FROM benefits_batch b LEFT JOIN (
  SELECT batch_id, sum(amount_minor) AS spent FROM benefits_coupon
  WHERE merchant_id = %(merchant)s AND state IN ('held', 'redeemed') GROUP BY batch_id
) c ON c.batch_id = b.id
WHERE b.merchant_id = %(merchant)s AND b.budget_minor IS NOT NULL
  AND b.spent_minor <> coalesce(c.spent, 0)
"""
    ),
    "a coupon is where its last step left it": Statement(
        """
SELECT format('coupon %%s: %%s, its last step says %%s', c.id, c.state, e.to_state)
FROM benefits_coupon c LEFT JOIN LATERAL (
  SELECT to_state FROM benefits_couponevent WHERE coupon_id = c.id ORDER BY id DESC LIMIT 1
) e ON true
WHERE c.merchant_id = %(merchant)s AND c.state IS DISTINCT FROM e.to_state
"""
    ),
    "no coupon was used more often than it was restored": Statement(
        """
SELECT format('coupon %%s: used %%s times, restored %%s times', coupon_id,
  count(*) FILTER (WHERE kind = 'redeemed'), count(*) FILTER (WHERE kind = 'restored'))
FROM benefits_couponevent WHERE merchant_id = %(merchant)s
GROUP BY coupon_id
HAVING count(*) FILTER (WHERE kind = 'redeemed') > 1 + count(*) FILTER (WHERE kind = 'restored')
"""
    ),
    "running batches have no more codes set aside than were imported": Statement(
        """
SELECT format('supply %%s: imported %%s, there are %%s; committed %%s', u.id, u.imported,
  count(k.id), u.committed)
FROM benefits_supply u LEFT JOIN benefits_supplycode k ON k.supply_id = u.id
WHERE u.merchant_id = %(merchant)s AND u.kind = 'codes'
GROUP BY u.id HAVING u.imported <> count(k.id) OR u.committed > u.imported
"""
    ),
    "no hold and no coupon outlives its time": Statement(
        """
SELECT format('coupon %%s: %%s, its time was over at %%s', id, state,
  coalesce(held_until, valid_until))
FROM benefits_coupon
WHERE merchant_id = %(merchant)s
  AND CASE state WHEN 'held' THEN held_until WHEN 'issued' THEN valid_until END
    < coalesce(%(now)s::timestamptz, now()) - make_interval(mins => %(overdue_minutes)s::int)
"""
    ),
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare counters with coupons, coupons with their steps, and the books with all of them.

    Some findings of each rule, with how many more there are. Without `now`, the database's clock
    says which coupons are overdue.
    """
    values: Values = {"merchant": merchant_id, "now": now, "overdue_minutes": OVERDUE_AFTER_MINUTES}
    return [
        Finding(context="benefits", rule=rule, detail=detail)
        for rule, statement in _RULES.items()
        for detail in _details([detail for (detail,) in run(statement, values)])
    ] + [
        Finding(context="benefits", rule=rule, detail=detail)
        for rule, found in brought_differs(merchant_id=merchant_id).items()
        for detail in _details(found)
    ]


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
