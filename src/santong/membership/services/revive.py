"""Who slept is awake, and who had left is back. The member is locked by whoever calls."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.wire import Statement
from santong.membership.events import MemberReopened, MemberWoken
from santong.membership.selectors.statements import as_sent, run

_SEEN = Statement("""
WITH mine AS MATERIALIZED (
  SELECT id, state FROM membership_card
  WHERE merchant_id = %(merchant)s AND member_id = %(member)s
    AND programme_id = %(programme)s AND state IN ('active', 'dormant')
)
UPDATE membership_card c
SET state = 'active', last_active_at = greatest(c.last_active_at, %(at)s::timestamptz)
FROM mine WHERE c.id = mine.id
RETURNING c.id, mine.state = 'dormant'
""")

_AWAKE = Statement("""
UPDATE membership_member SET state = 'active', changed_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND id = %(member)s AND state = 'dormant'
""")

_REOPEN_CARDS = Statement("""
UPDATE membership_card SET state = 'active', last_active_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND member_id = %(member)s AND state = 'closed'
""")

_REOPEN = Statement("""
UPDATE membership_member SET state = 'active', changed_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND id = %(member)s AND state = 'closed'
""")


def wake_locked(
    *, merchant_id: int, member_id: int, programme_id: int, at: datetime, now: datetime
) -> None:
    """Note that a member was seen in a programme. Emits MemberWoken."""
    rows = run(
        _SEEN,
        {"merchant": merchant_id, "member": member_id, "programme": programme_id, "at": at},
    )
    for card_id, was_dormant in rows:
        if was_dormant:
            _AWAKE.later(as_sent({"merchant": merchant_id, "member": member_id, "now": now}))
            woken = MemberWoken(member_id=member_id, card_id=card_id, programme_id=programme_id)
            outbox.publish(woken, now=now)


def reopen_locked(*, merchant_id: int, member_id: int, reason: str, now: datetime) -> None:
    """Make a closed member an active one, with the cards that were closed. Emits MemberReopened."""
    values = as_sent({"merchant": merchant_id, "member": member_id, "now": now})
    _REOPEN.later(values)
    _REOPEN_CARDS.later(values)
    audit.record(
        audit.Change(
            action="membership.reopen_member",
            subject="member",
            subject_id=member_id,
            reason=reason,
            before={"state": "closed"},
            after={"state": "active"},
        ),
        now=now,
    )
    outbox.publish(MemberReopened(member_id=member_id), now=now)
