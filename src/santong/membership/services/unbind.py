"""An account on a storefront no longer shows a member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership.rules.fields import clean_reason
from santong.membership.rules.identities import checked
from santong.membership.selectors.bindings import shown_by
from santong.membership.services.lock import lock_members
from santong.membership.services.release_bindings import release_bindings


@all_or_nothing
def unbind(
    *,
    merchant_id: int,
    storefront_code: str,
    identities: Sequence[customers.Identifier],
    reason: str,
    now: datetime,
) -> bool:
    """Unbind an account from whomever it shows; false where it shows nobody.

    The member stays one, and the binding stays in the history.

    Raises FieldInvalid. Emits MemberUnbound. Locks the member.
    """
    names = checked(identities, storefront_code=storefront_code)
    reason = clean_reason(reason)
    shown = shown_by(merchant_id=merchant_id, identities=names)
    here = [each for each in shown if each.storefront_code == storefront_code]
    if not here:
        return False
    lock_members(merchant_id=merchant_id, member_ids=[each.member_id for each in here])
    # Who is shown may have been merged while this waited: the account shows somebody else now.
    shown = shown_by(merchant_id=merchant_id, identities=names)
    here = [each for each in shown if each.storefront_code == storefront_code]
    released = [
        binding_id
        for each in here
        for binding_id in release_bindings(
            merchant_id=merchant_id,
            member_id=each.member_id,
            binding_id=each.binding_id,
            reason=reason,
            now=now,
        )
    ]
    return bool(released)
