"""A member was seen: at a till, on a storefront, with a purchase."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership.selectors.statements import Values, run
from santong.membership.services.lock import lock_members
from santong.membership.services.revive import wake_locked

# Every visit would rewrite the card otherwise, only to say that it is a little later.
_IS_NEWS = Statement("""
SELECT FROM membership_card
WHERE merchant_id = %(merchant)s AND member_id = %(member)s AND programme_id = %(programme)s
  AND (state = 'dormant'
    OR state = 'active' AND last_active_at < %(at)s::timestamptz - interval '1 day')
""")


@all_or_nothing
def note_activity(
    *, merchant_id: int, member_id: int, programme_id: int, at: datetime, now: datetime
) -> None:
    """Note that a member was seen in a programme at a moment; a dormant one is awake.

    Kept to the day: what adds less than one writes nothing. Emits MemberWoken. Locks the member.
    """
    asked: Values = {
        "merchant": merchant_id,
        "member": member_id,
        "programme": programme_id,
        "at": at,
    }
    if run(_IS_NEWS, asked):
        lock_members(merchant_id=merchant_id, member_ids=[member_id])
        wake_locked(
            merchant_id=merchant_id,
            member_id=member_id,
            programme_id=programme_id,
            at=at,
            now=now,
        )
