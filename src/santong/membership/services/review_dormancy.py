"""Who has not been seen for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.events import MemberDormant
from santong.membership.selectors.programmes import programmes
from santong.membership.selectors.statements import Values, array, run

# Members that somebody works on at this moment are awake, and left to them.
_QUIET = Statement("""
SELECT m.id
FROM membership_card c JOIN membership_member m ON m.id = c.member_id
WHERE c.merchant_id = %(merchant)s AND c.programme_id = %(programme)s AND c.state = 'active'
  AND c.last_active_at < %(before)s::timestamptz
ORDER BY c.last_active_at LIMIT %(limit)s
FOR NO KEY UPDATE OF m SKIP LOCKED
""")

_SLEEP = Statement("""
UPDATE membership_card
SET state = 'dormant'
WHERE merchant_id = %(merchant)s AND programme_id = %(programme)s AND state = 'active'
  AND member_id = ANY (%(members)s::bigint[]) AND last_active_at < %(before)s::timestamptz
RETURNING id, member_id, (extract(epoch FROM last_active_at) * 1000000)::bigint
""")

_MEMBERS = Statement("""
UPDATE membership_member m
SET state = 'dormant', changed_at = %(now)s::timestamptz
WHERE m.merchant_id = %(merchant)s AND m.id = ANY (%(members)s::bigint[]) AND m.state = 'active'
  AND NOT EXISTS (
    SELECT FROM membership_card c
    WHERE c.merchant_id = m.merchant_id AND c.member_id = m.id AND c.state = 'active')
RETURNING m.id
""")

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@all_or_nothing
def review_dormancy(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Put to sleep whoever was not seen in a programme for as many days as it says; how many.

    At most `limit` in each programme. Emits MemberDormant. Locks members.
    """
    return sum(
        _review(merchant_id, programme, limit=limit, now=now)
        for programme in programmes(merchant_id=merchant_id)
    )


def _review(merchant_id: int, programme: contracts.Programme, *, limit: int, now: datetime) -> int:
    before = now - timedelta(days=programme.dormant_after_days)
    asked: Values = {"merchant": merchant_id, "programme": programme.id, "before": before}
    quiet = [member_id for (member_id,) in run(_QUIET, {**asked, "limit": limit})]
    if not quiet:
        return 0
    asleep = run(_SLEEP, {**asked, "members": array(quiet)})
    run(_MEMBERS, {"merchant": merchant_id, "members": array(sorted(quiet)), "now": now})
    outbox.publish(
        *(
            MemberDormant(
                member_id=member_id,
                card_id=card_id,
                programme_id=programme.id,
                programme_code=programme.code,
                last_active_at=_EPOCH + timedelta(microseconds=micros),
            )
            for card_id, member_id, micros in sorted(asleep)
        ),
        now=now,
    )
    return len(asleep)
