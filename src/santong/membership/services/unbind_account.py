"""One account no longer shows a member, because somebody said so who does not know its name."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership.rules.fields import clean_reason
from santong.membership.selectors.bindings import bindings_of
from santong.membership.services.lock import lock_members
from santong.membership.services.release_bindings import release_bindings


@all_or_nothing
def unbind_account(
    *, merchant_id: int, member_id: int, binding_id: int, reason: str, now: datetime
) -> bool:
    """End one binding of a member; false where it has ended before.

    Raises NoSuch, FieldInvalid. Emits MemberUnbound. Locks the member.
    """
    reason = clean_reason(reason)
    lock_members(merchant_id=merchant_id, member_ids=[member_id])
    own = bindings_of(merchant_id=merchant_id, member_id=member_id)
    if binding_id not in {each.id for each in own}:
        raise NoSuch(kind="binding", key=str(binding_id))
    return bool(
        release_bindings(
            merchant_id=merchant_id,
            member_id=member_id,
            binding_id=binding_id,
            reason=reason,
            now=now,
        )
    )
