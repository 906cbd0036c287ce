"""A member leaves."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.errors import MemberEnded
from santong.membership.events import MemberClosed
from santong.membership.rules.fields import clean_reason
from santong.membership.selectors.members import member_by_id
from santong.membership.selectors.statements import as_sent
from santong.membership.services.lock import lock_members
from santong.membership.services.release_bindings import release_bindings

_CARDS = Statement("""
UPDATE membership_card SET state = 'closed'
WHERE merchant_id = %(merchant)s AND member_id = %(member)s AND state IN ('active', 'dormant')
""")

_MEMBER = Statement("""
UPDATE membership_member SET state = 'closed', changed_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND id = %(member)s
""")


@all_or_nothing
def close_member(
    *, merchant_id: int, member_id: int, reason: str, now: datetime
) -> contracts.Member:
    """Let a member leave every programme; who has left already has left.

    The cards are closed and all accounts on storefronts unbound. Points stay in the ledger, and
    are there again if the member comes back.

    Raises NoSuch, FieldInvalid, MemberEnded (merged). Emits MemberClosed, MemberUnbound. Locks the
    member.
    """
    reason = clean_reason(reason)
    state = lock_members(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    if state == "merged":
        raise MemberEnded(member_id=str(member_id), state=state)
    if state != "closed":
        release_bindings(merchant_id=merchant_id, member_id=member_id, reason=reason, now=now)
        values = as_sent({"merchant": merchant_id, "member": member_id, "now": now})
        _CARDS.later(values)
        _MEMBER.later(values)
        audit.record(
            audit.Change(
                action="membership.close_member",
                subject="member",
                subject_id=member_id,
                reason=reason,
                before={"state": state},
                after={"state": "closed"},
            ),
            now=now,
        )
        outbox.publish(MemberClosed(member_id=member_id), now=now)
    return member_by_id(merchant_id=merchant_id, member_id=member_id)
