"""A member is back."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import MemberEnded
from santong.membership.rules.fields import clean_reason
from santong.membership.selectors.members import member_by_id
from santong.membership.services.lock import lock_members
from santong.membership.services.revive import reopen_locked


@all_or_nothing
def reopen_member(
    *, merchant_id: int, member_id: int, reason: str, now: datetime
) -> contracts.Member:
    """Take a member back who had left, with every card; who is one stays one.

    Accounts on storefronts stay unbound: whoever owns them binds them again.

    Raises NoSuch, FieldInvalid, MemberEnded (merged). Emits MemberReopened. Locks the member.
    """
    reason = clean_reason(reason)
    state = lock_members(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    if state == "merged":
        raise MemberEnded(member_id=str(member_id), state=state)
    if state == "closed":
        reopen_locked(merchant_id=merchant_id, member_id=member_id, reason=reason, now=now)
    return member_by_id(merchant_id=merchant_id, member_id=member_id)
