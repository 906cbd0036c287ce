"""How far a batch has come: granted, claimed, redeemed, revisited, by channel."""

from __future__ import annotations

from santong.benefits.contracts.funnel import Funnel, FunnelLine
from santong.benefits.selectors.limits import batch_by_id, given_of
from santong.benefits.selectors.statements import run
from santong.kernel.wire import Statement

_FUNNEL = Statement("""
SELECT channel, count(*), count(issued_at),
  count(*) FILTER (WHERE attempt > 0 AND state <> 'issued' AND state <> 'held'),
  count(revisited_at),
  coalesce(sum(amount_minor) FILTER (WHERE state = 'redeemed'), 0)::bigint,
  count(*) FILTER (WHERE state = 'expired')
FROM benefits_coupon
WHERE merchant_id = %(merchant)s::bigint AND batch_id = %(batch)s::bigint
GROUP BY channel ORDER BY channel
""")


def funnel_of(*, merchant_id: int, batch_id: int) -> Funnel:
    """What became of a batch's coupons, by the channel that gave them. Raises NoSuch.

    Granted are all that were made, claimed those that a member has or had, redeemed those that
    were used and not restored, revisited those whose member came back within ninety days.
    """
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    rows = run(_FUNNEL, {"merchant": merchant_id, "batch": batch_id})
    lines = tuple(
        FunnelLine(
            channel=channel,
            granted=granted,
            claimed=claimed,
            redeemed=redeemed,
            revisited=revisited,
            amount_minor=amount,
            expired=expired,
        )
        for channel, granted, claimed, redeemed, revisited, amount, expired in rows
    )
    return Funnel(
        batch_id=batch_id,
        limit_total=batch.limit_total,
        given=given_of(merchant_id=merchant_id, batch_id=batch_id),
        budget_minor=batch.budget_minor,
        spent_minor=batch.spent_minor,
        lines=lines,
    )
